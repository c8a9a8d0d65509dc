export { packBag } from './bag/pack-bag.ts';
export { checkViews } from './check-views.ts';
export { bytesOf, type Content } from './content.ts';
export { conversationKey } from './conversation-key.ts';
export type { ExhibitErrorCode } from './errors.ts';
export { OWN_FRAME, verifierProgram } from './exhibit-views.ts';
export { fieldJson, readFieldJson } from './field-json.ts';
export { type ItemView, viewFinding, viewItem, withheldFields } from './leaf-view.ts';
export {
  anchorName,
  CHECKPOINT_NAME,
  DOCUMENT_NAME,
  mediaName,
  PAGE_NAME,
  PDF_NAME,
  rawName,
  VERIFIER_NAME,
} from './member-names.ts';
export {
  type ExhibitAnchor,
  type ExhibitAnnotation,
  type ExhibitCompleteness,
  type ExhibitConversation,
  type ExhibitDerivation,
  type ExhibitDocument,
  type ExhibitEntry,
  type ExhibitInventory,
  type ExhibitItemMentions,
  type ExhibitLanguage,
  type ExhibitLeaf,
  type ExhibitLimit,
  type ExhibitMedia,
  type ExhibitMention,
  type ExhibitNotExamined,
  type ExhibitRedaction,
  type ExhibitSegment,
  type ExhibitSuperseded,
  type ExhibitTotals,
  exhibitLanguages,
  exhibitMedia,
  type FieldJson,
  type LeafRole,
} from './model.ts';
export { notCheckedText } from './not-checked-text.ts';
export { type PageFrame, pageFrame, pagePieces, renderPage } from './page/page-frame.ts';
export { renderBody, renderHead } from './page/render-body.ts';
export { decodings } from './residue/decodings.ts';
export { findResidue, type Residue } from './residue/find-residue.ts';
export { foldLetters, textOfLatin1 } from './residue/fold-letters.ts';
export { latin1Of, utf8Latin1 } from './residue/latin1.ts';
export { NeedleSearch } from './residue/needle-search.ts';
export { isSearchable, isSearched, type Needle, needlesOf, needlesOfValue } from './residue/needles.ts';
export { TextSearch } from './residue/text-search.ts';
export { withoutVocabulary } from './residue/vocabulary.ts';
export { type ShownRun, shownRuns } from './shown-runs.ts';
export { StoredZip, type ZipPieces } from './stored-zip.ts';
export { fill, type TextKey, type Texts, textsOf } from './texts/texts.ts';
export {
  type ExhibitMembers,
  type ExhibitTrust,
  type ExhibitVerdict,
  MENTIONS_NOT_CHECKED,
  type ProvenAnchor,
  readDocument,
  type VerifiedExhibit,
  verifyExhibit,
} from './verify/index.ts';
export { documentPieces, writeDocument } from './write-document.ts';
export { zipChunks } from './zip-chunks.ts';
export { readZipBytes } from './zip-layout.ts';
export { readZip } from './zip-read.ts';
export { writeZip } from './zip-write.ts';
