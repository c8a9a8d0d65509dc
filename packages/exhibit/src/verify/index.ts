export { readDocument } from './read-document.ts';
export {
  DOCUMENT_NAME,
  type ExhibitMembers,
  type ExhibitTrust,
  type ExhibitVerdict,
  PAGE_NAME,
  SUMS_NAME,
  type VerifiedExhibit,
  verifyExhibit,
} from './verify-exhibit.ts';
