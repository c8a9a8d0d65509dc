export type { ExhibitErrorCode } from '../errors.ts';
export { DOCUMENT_NAME, PAGE_NAME } from '../member-names.ts';
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
export type { ExhibitMembers } from './open-bag.ts';
export { readDocument } from './read-document.ts';
export type { ProvenAnchor } from './verify-anchors.ts';
export {
  type ExhibitTrust,
  type ExhibitVerdict,
  MENTIONS_NOT_CHECKED,
  type VerifiedDocument,
  type VerifiedExhibit,
  verifyDocument,
  verifyExhibit,
} from './verify-exhibit.ts';
