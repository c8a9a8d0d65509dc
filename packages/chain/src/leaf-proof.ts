/** The proof of one leaf, from its fields root up to a signed checkpoint (SPEC.md section 8). */
import { equalBytes, hexEncode } from '@custody/bytes';
import type { VerifiedCheckpoint } from './checkpoint.ts';
import { copyBytes } from './copy-bytes.ts';
import { type Entry, readEntry, verifyEntrySignature } from './entry.ts';
import { formatError, integrityError, usageError } from './errors.ts';
import { FINDING_KIND, ITEM_KIND } from './kinds.ts';
import { headerLink, leafBytes, type SegmentLeaves } from './segment.ts';
import { readSegmentClear, type SegmentClear } from './segment-clear.ts';
import type { VerifySignature } from './signature-ports.ts';
import { type TlogProof, verifyTlogProof } from './tlog-proof.ts';
import { HASH_LENGTH, inclusionProof, leafHash } from './tree.ts';
import { rootFromInclusion } from './tree-proofs.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A leaf's place in its segment: with the fields root, everything that leads to the segment root. */
export interface SegmentProof {
  /** Leaf kind, 1 item or 2 finding. */
  readonly kind: number;
  /** Position in the segment, from 0. */
  readonly position: number;
  /** Link of the leaf before, or of the header: 32 bytes. */
  readonly previous: Uint8Array;
  /** At most 12 hashes. */
  readonly hashes: readonly Uint8Array[];
}

/** All that a stranger needs to verify one leaf, besides its fields and the log's key. */
export interface LeafProof extends SegmentProof {
  /** The `segment` entry as it stands in the log. */
  readonly entry: Uint8Array;
  /** Proof of that entry. */
  readonly tlogProof: TlogProof;
}

export interface VerifiedLeaf {
  /** LeafIndex: the leaf's address for good. */
  readonly index: number;
  readonly segment: SegmentClear;
  readonly entry: Entry;
  readonly checkpoint: VerifiedCheckpoint;
}

/** The place of leaf `position` in a segment whose links are at hand. Throws a UsageError when there is no such leaf. */
export function proveInSegment(
  leaves: Pick<SegmentLeaves, 'header' | 'kinds'>,
  links: Uint8Array,
  position: number,
): SegmentProof {
  const kind = leaves.kinds[position];
  if (kind === undefined) throw usageError(`the segment has no leaf ${position}`);
  const at = position * HASH_LENGTH;
  const previous = position === 0 ? headerLink(leaves.header) : copyBytes(links, at - HASH_LENGTH, at);
  return { kind, position, previous, hashes: inclusionProof(links, position) };
}

/**
 * Throws unless the leaf with this fields root is in the log that `logKey` signs. ENTRY_MALFORMED where the entry is no
 * segment's, INCLUSION_PROOF_INVALID, SEGMENT_ROOT_MISMATCH, ENTRY_SIGNATURE_INVALID, and what `verifyTlogProof` throws.
 */
export function verifyLeafProof(
  proof: LeafProof,
  fieldsRoot: Uint8Array,
  trusted: {
    readonly logKey: VerifierKey;
    readonly witnesses?: readonly VerifierKey[];
    readonly verify: VerifySignature;
  },
): VerifiedLeaf {
  const entry = readEntry(proof.entry);
  if (entry.kind !== 'segment')
    throw formatError('ENTRY_MALFORMED', `the proof rests on a ${entry.kind} entry, not on a segment's`);
  const segment = readSegmentClear(entry.clear);
  verifyInSegment(proof, fieldsRoot, segment);
  verifyEntrySignature(entry, trusted.logKey.name, trusted.verify);
  const checkpoint = verifyTlogProof(proof.tlogProof, leafHash(proof.entry), trusted);
  return { index: segment.first + proof.position, segment, entry, checkpoint };
}

function verifyInSegment(proof: SegmentProof, fieldsRoot: Uint8Array, segment: SegmentClear): void {
  // A kind over 255 would be hashed as its last byte: 257 must not pass for 1.
  const isKind = proof.kind === ITEM_KIND || proof.kind === FINDING_KIND;
  if (!isKind || !Number.isSafeInteger(proof.position)) {
    throw integrityError('INCLUSION_PROOF_INVALID', 'the proof names a kind or a place that no leaf has');
  }
  if (proof.previous.length !== HASH_LENGTH || fieldsRoot.length !== HASH_LENGTH) {
    throw integrityError('INCLUSION_PROOF_INVALID', 'the proof of this leaf has hashes of a wrong length');
  }
  const found = rootFromInclusion({
    index: BigInt(proof.position),
    size: BigInt(segment.count),
    leafHash: leafHash(leafBytes(proof.previous, proof.kind, fieldsRoot)),
    proof: proof.hashes,
  });
  if (equalBytes(found, segment.root)) return;
  throw integrityError(
    'SEGMENT_ROOT_MISMATCH',
    'what is shown of this item is not what was recorded: its content, its place or its proof was altered',
    { computed: hexEncode(found), logged: hexEncode(segment.root), leafIndex: segment.first + proof.position },
  );
}
