export { checkPage } from './check-page.ts';
export { conversationKey } from './conversation-key.ts';
export type { ExhibitErrorCode } from './errors.ts';
export { fieldJson, readFieldJson } from './field-json.ts';
export { type ItemView, viewFinding, viewItem, withheldFields } from './leaf-view.ts';
export { CHECKPOINT_NAME, DOCUMENT_NAME, PAGE_NAME, rawName, SUMS_NAME } from './member-names.ts';
export type {
  ExhibitCompleteness,
  ExhibitConversation,
  ExhibitDerivation,
  ExhibitDocument,
  ExhibitEntry,
  ExhibitLeaf,
  ExhibitLimit,
  ExhibitSegment,
  ExhibitTotals,
  FieldJson,
  LeafRole,
} from './model.ts';
export { renderPage } from './render-page.ts';
export { decodings } from './residue/decodings.ts';
export { findResidue, type Residue } from './residue/find-residue.ts';
export { NEEDLE_MIN, type Needle, needlesOf } from './residue/needles.ts';
export { TextSearch } from './residue/text-search.ts';
export { withoutVocabulary } from './residue/vocabulary.ts';
export {
  type ExhibitMembers,
  type ExhibitTrust,
  type ExhibitVerdict,
  readDocument,
  type VerifiedExhibit,
  verifyExhibit,
} from './verify/index.ts';
export { readZip } from './zip-read.ts';
export { withSums, writeZip } from './zip-write.ts';
