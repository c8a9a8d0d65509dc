export { type BuiltSegment, buildSegment, compartmentsOf, type SegmentInput, SegmentScratch } from './build-segment.ts';
export { type Compartment, type ContentCompartment, compartments, contentCompartments } from './compartment.ts';
export { signerFromSeed, verifyEd25519 } from './ed25519.ts';
export type { SegmentErrorCode } from './errors.ts';
export {
  digestOfEventField,
  draftEvent,
  type EventDraft,
  type EventField,
  type EventValues,
  encodeOpenings,
  eventValues,
  readOpenings,
  rewordedFields,
} from './event.ts';
export { type LeavesObject, readLeaves } from './leaves-object.ts';
export {
  isCommitName,
  Ledger,
  type LedgerSigners,
  type LoggedCommit,
  type LoggedSegment,
  readBack,
  storeObject,
} from './ledger.ts';
export { encodeSuccession, type LogKeySpan, LogKeys, SUCCESSION_PREFIX } from './log-keys.ts';
export { LogView, missingTiles, type PublishedCheckpoint, type ViewedLog } from './log-view.ts';
export {
  ANCHOR_PREFIX,
  COMMIT_PREFIX,
  commitName,
  compartmentKeyName,
  FIRST_GENERATION,
  FORMAT_NAME,
  LOG_PREFIX,
  leavesName,
  OPENINGS_PREFIX,
  originalName,
  originalSecretName,
  PUBLISHED_CHECKPOINT,
  partName,
  partSecretName,
  REWRITE_PREFIX,
  rewriteName,
  type SegmentKey,
  STORE_FORMAT,
  segmentLabel,
} from './object-names.ts';
export { openSecret, type PartSalts, saltSource } from './object-secret.ts';
export {
  fileIntake,
  hashIntake,
  hashOriginal,
  type Intake,
  locateOriginal,
  type OriginalHandle,
  openOriginal,
  originalLabel,
  releaseOriginal,
  storeOriginal,
} from './original.ts';
export { decodePart, encodePart, type PartContent } from './part-codec.ts';
export { readCommitted } from './read-committed.ts';
export { readEvents, wordedKinds } from './read-events.ts';
export {
  type CompartmentIdentities,
  itemColumns,
  type OpenedLeaf,
  type OpenedPart,
  OpenedSegment,
  openerOf,
  openSegment,
  partFacts,
  releaseOpened,
  verifyPart,
} from './read-segment.ts';
export { type MovedItem, rewriteSegment, type SegmentChange } from './rewrite-segment.ts';
export {
  encodeStatement,
  type LeafRange,
  type Reopened,
  type RewriteStatement,
  type RewrittenSegment,
  readStatement,
} from './rewrite-statement.ts';
export { type Rewrite, Rewrites, rangesOf } from './rewrites.ts';
export { saltStream } from './salt-stream.ts';
export { givesRoot } from './segment-root.ts';
export {
  openPart,
  type PreparedSegment,
  prepareSegment,
  releasePrepared,
  type SegmentKeys,
  type StoredSegment,
  storePrepared,
  storeSegment,
} from './store-segment.ts';
