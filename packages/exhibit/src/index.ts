export { checkPage } from './check-page.ts';
export type { ExhibitErrorCode } from './errors.ts';
export { fieldJson, readFieldJson } from './field-json.ts';
export { type ItemView, viewFinding, viewItem } from './leaf-view.ts';
export type {
  ExhibitCompleteness,
  ExhibitConversation,
  ExhibitDerivation,
  ExhibitDocument,
  ExhibitLeaf,
  ExhibitSegment,
  FieldJson,
} from './model.ts';
export { renderPage } from './render-page.ts';
export {
  DOCUMENT_NAME,
  type ExhibitMembers,
  type ExhibitTrust,
  type ExhibitVerdict,
  PAGE_NAME,
  readDocument,
  SUMS_NAME,
  type VerifiedExhibit,
  verifyExhibit,
} from './verify/index.ts';
export { readZip } from './zip-read.ts';
export { withSums, writeZip } from './zip-write.ts';
