export { type AddCheckpoint, encodeAddCheckpoint, readAddCheckpoint } from './add-checkpoint.ts';
export {
  type Checkpoint,
  encodeCheckpoint,
  matchCheckpoint,
  readCheckpoint,
  signCheckpoint,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
export {
  COMMIT_LENGTH_MAX,
  type Commit,
  type CommitContent,
  type CommitObject,
  encodeCommit,
  readCommit,
  type VerifiedCommit,
  verifyCommit,
} from './commit.ts';
export { cosign } from './cosignature.ts';
export { BODY_PIECE_MAX, cutBody, cutFieldsMap, mapHead, mapHeadEnd } from './cut-pieces.ts';
export {
  type DisclosedField,
  digestOfField,
  digestsOfLeaf,
  type FieldInPieces,
  type OpenPiece,
  type OpenValue,
  rootOfLeaf,
  valueOfField,
  type Withheld,
  withholdField,
  withholdPieces,
} from './disclosed-fields.ts';
export {
  ENTRY_LENGTH_MAX,
  ENTRY_LENGTH_MIN,
  type Entry,
  type EntryBody,
  encodeEntry,
  entryLeafHash,
  NO_PREVIOUS,
  readEntry,
  signEntry,
  verifyEntry,
  verifyEntrySignature,
} from './entry.ts';
export type { ChainCode, ChainFormatCode, ChainIntegrityCode, ChainUsageCode } from './errors.ts';
export { TreeFrontier } from './frontier.ts';
export {
  ENTRY_FIELD_COUNT,
  ENTRY_FIELDS,
  ENTRY_KINDS,
  type EntryField,
  type EntryKind,
  entryKindName,
  FINDING_KIND,
  FINDING_LAYOUT,
  type FieldLayout,
  ITEM_KIND,
  ITEM_LAYOUT,
  ITEM_RAW_FIELD,
  SEGMENT_LEAVES_MAX,
} from './kinds.ts';
export {
  type LeafProof,
  proveInSegment,
  type SegmentProof,
  type VerifiedLeaf,
  verifyLeafProof,
} from './leaf-proof.ts';
export { type LoggedEntry, LogWalk } from './log-walk.ts';
export {
  encodeNote,
  encodeSignatureLine,
  type Note,
  type NoteSignature,
  readNote,
  signNote,
  type VerifiedNote,
  type VerifiedSigner,
  verifyNote,
} from './note.ts';
export { openLeaf, PartOpener, type PartRow } from './open-leaf.ts';
export {
  encodeOpening,
  encodePiece,
  fieldDigest,
  fieldsRoot,
  type Opening,
  type PieceOpening,
  pieceDigest,
  piecesDigest,
  readOpening,
  readPiece,
  SALT_LENGTH,
} from './openings.ts';
export { digestPart, type KindDigests, type PartDigests, PartScratch } from './part-digests.ts';
export {
  type ColumnPieces,
  type DigestColumn,
  type LeafPart,
  layoutPart,
  type PartColumn,
  type PartLayout,
} from './part-layout.ts';
export { type Keystream, type SaltSource, saltsOf } from './salts.ts';
export {
  evidenceRoot,
  headerLink,
  LEAF_LENGTH,
  type LinkedLeaves,
  leafBytes,
  linkLeaves,
  type SegmentIdentity,
  type SegmentLeaves,
  segmentHeader,
  verifySegment,
} from './segment.ts';
export { encodeSegmentClear, readSegmentClear, SEGMENT_CLEAR_LENGTH, type SegmentClear } from './segment-clear.ts';
export { PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, type Signer, type VerifySignature } from './signature-ports.ts';
export { readTilePath, TILE_WIDTH, type TileAddress, tilePath } from './tile-paths.ts';
export { TileTree, tilesBetween } from './tile-tree.ts';
export { encodeEntryBundle, readEntryBundle, readHashTile } from './tiles.ts';
export { encodeTlogProof, readTlogProof, type TlogProof, verifyTlogProof } from './tlog-proof.ts';
export {
  consistencyProof,
  HASH_LENGTH,
  inclusionProof,
  inclusionProofIn,
  leafHash,
  nodeHash,
  treeHash,
  treeLevels,
} from './tree.ts';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
} from './tree-proofs.ts';
export {
  COSIGNATURE_TYPE,
  ED25519_TYPE,
  encodeVerifierKey,
  type NoteKeyType,
  readVerifierKey,
  type VerifierKey,
  verifierKey,
} from './verifier-key.ts';
export { isWeakPublicKey } from './weak-public-key.ts';
export { type PolicyKey, type PolicyWitness, readWitnessPolicy, type WitnessPolicy } from './witness-policy.ts';
