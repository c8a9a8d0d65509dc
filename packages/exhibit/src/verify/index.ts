export type { ExhibitErrorCode } from '../errors.ts';
export { DOCUMENT_NAME, SUMS_NAME } from '../member-names.ts';
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
} from '../model.ts';
export { readDocument } from './read-document.ts';
export { type ExhibitTrust, type ExhibitVerdict, type VerifiedExhibit, verifyExhibit } from './verify-exhibit.ts';
export type { ExhibitMembers } from './verify-sums.ts';
