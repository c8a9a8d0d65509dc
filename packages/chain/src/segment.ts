/** Leaves linked into a chain and a tree (SPEC.md section 3). */
import {
  concatBytes,
  digestLinked,
  digestMany,
  equalBytes,
  hexEncode,
  sha256,
  u32be,
  utf8Encode,
} from '@custody/bytes';
import { integrityError, usageError } from './errors.ts';
import { SEGMENT_LEAVES_MAX } from './kinds.ts';
import { HASH_LENGTH, treeHash } from './tree.ts';

const HEADER_LABEL = utf8Encode('custody/segment/v1\n');
const LEAF_PREFIX = 0x00;
/** Previous link, kind and fields root. */
export const LEAF_LENGTH = 65;
const RECORD_LENGTH = 33;

/** What says which stretch of which derivation a segment is. */
export interface SegmentIdentity {
  /** Log leaf hash of the `derive` entry, 32 bytes. */
  readonly derive: Uint8Array;
  readonly unit: number;
  readonly part: number;
  /** Leaves in the segment, at most 4,096. */
  readonly count: number;
}

/** What a segment commits to, leaf by leaf: one kind byte and one 32-byte fields root each. */
export interface SegmentLeaves {
  readonly header: Uint8Array;
  readonly kinds: Uint8Array;
  readonly roots: Uint8Array;
}

export interface LinkedLeaves {
  /** Link of each leaf, 32 bytes, which is its leaf hash too. */
  readonly links: Uint8Array;
  readonly root: Uint8Array;
}

/** The header's bytes. Throws a UsageError for a count over 4,096 or a `derive` that is not 32 bytes. */
export function segmentHeader({ derive, unit, part, count }: SegmentIdentity): Uint8Array {
  if (derive.length !== HASH_LENGTH) throw usageError(`the derive hash has 32 bytes, not ${derive.length}`);
  if (count > SEGMENT_LEAVES_MAX) throw usageError(`a segment has at most ${SEGMENT_LEAVES_MAX} leaves, not ${count}`);
  return concatBytes([HEADER_LABEL, derive, u32be(unit), u32be(part), u32be(count)]);
}

/** The 65 bytes of one leaf: `previous link || kind || fields root`. */
export function leafBytes(previous: Uint8Array, kind: number, root: Uint8Array): Uint8Array {
  return concatBytes([previous, Uint8Array.of(kind), root]);
}

/** The link before leaf 0. */
export function headerLink(header: Uint8Array): Uint8Array {
  return sha256(header);
}

/** Links all leaves and gives the segment root. Throws a UsageError where kinds and roots do not match in number. */
export function linkLeaves(leaves: SegmentLeaves): LinkedLeaves {
  const links = new Uint8Array(leaves.roots.length);
  digestLinked(LEAF_PREFIX, headerLink(leaves.header), leafRecords(leaves), RECORD_LENGTH, links);
  return { links, root: treeHash(links) };
}

/**
 * Throws unless the leaves are those the segment's entry committed to: SEGMENT_COUNT_MISMATCH, then CHAIN_LINK_BROKEN
 * naming the first leaf whose stored link is not the one its content gives, then SEGMENT_ROOT_MISMATCH.
 * Stored links let all leaves be hashed side by side; without them they are hashed one after the other.
 */
export function verifySegment(
  leaves: SegmentLeaves & { readonly links?: Uint8Array },
  entry: { readonly count: number; readonly root: Uint8Array },
): LinkedLeaves {
  if (leaves.kinds.length !== entry.count) {
    const message = `the segment holds ${leaves.kinds.length} leaves, its log entry says ${entry.count}`;
    throw integrityError('SEGMENT_COUNT_MISMATCH', message, { stored: leaves.kinds.length, logged: entry.count });
  }
  if (leaves.links !== undefined) verifyLinks(leaves, leaves.links);
  const linked =
    leaves.links === undefined ? linkLeaves(leaves) : { links: leaves.links, root: treeHash(leaves.links) };
  if (equalBytes(linked.root, entry.root)) return linked;
  throw integrityError(
    'SEGMENT_ROOT_MISMATCH',
    'the leaves of this segment are not those recorded in the log: at least one was changed, exchanged or reordered',
    { computed: hexEncode(linked.root), logged: hexEncode(entry.root) },
  );
}

/** Evidence root of a derivation over its segment roots (32 bytes each) in order of unit and part. */
export function evidenceRoot(segmentRoots: Uint8Array): Uint8Array {
  if (segmentRoots.length % HASH_LENGTH !== 0) throw usageError('segment roots are 32 bytes each');
  const count = segmentRoots.length / HASH_LENGTH;
  const inputs = new Uint8Array(count * RECORD_LENGTH);
  for (let i = 0; i < count; i++) {
    inputs[i * RECORD_LENGTH] = LEAF_PREFIX;
    inputs.set(segmentRoots.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH), i * RECORD_LENGTH + 1);
  }
  const hashes = new Uint8Array(segmentRoots.length);
  digestMany(inputs, evenEnds(count, RECORD_LENGTH), hashes);
  return treeHash(hashes);
}

/** Every leaf hashed over the stored link before it: one wrong byte shows at the leaf it is in. */
function verifyLinks(leaves: SegmentLeaves, links: Uint8Array): void {
  if (links.length !== leaves.roots.length) throw usageError('kinds, roots and links do not match in number');
  const records = leafRecords(leaves);
  const count = leaves.kinds.length;
  const stride = 1 + LEAF_LENGTH;
  const inputs = new Uint8Array(count * stride);
  const first = headerLink(leaves.header);
  for (let i = 0; i < count; i++) {
    const previous = i === 0 ? first : links.subarray((i - 1) * HASH_LENGTH, i * HASH_LENGTH);
    inputs.set(previous, i * stride + 1);
    inputs.set(records.subarray(i * RECORD_LENGTH, (i + 1) * RECORD_LENGTH), i * stride + 1 + HASH_LENGTH);
  }
  const expected = new Uint8Array(links.length);
  digestMany(inputs, evenEnds(count, stride), expected);
  const wrong = firstDifference(expected, links);
  if (wrong < 0) return;
  const leaf = Math.floor(wrong / HASH_LENGTH);
  throw integrityError(
    'CHAIN_LINK_BROKEN',
    `the chain breaks at leaf ${leaf} of the segment: its content or its stored link was changed`,
    {
      leaf,
      computed: hexEncode(expected.subarray(leaf * HASH_LENGTH, (leaf + 1) * HASH_LENGTH)),
      stored: hexEncode(links.subarray(leaf * HASH_LENGTH, (leaf + 1) * HASH_LENGTH)),
    },
  );
}

function leafRecords({ kinds, roots }: SegmentLeaves): Uint8Array {
  const count = kinds.length;
  if (roots.length !== count * HASH_LENGTH) throw usageError(`${count} kinds need ${count} roots of 32 bytes`);
  const records = new Uint8Array(count * RECORD_LENGTH);
  for (let i = 0; i < count; i++) {
    const to = i * RECORD_LENGTH;
    const from = i * HASH_LENGTH;
    records[to] = kinds[i] as number;
    for (let b = 0; b < HASH_LENGTH; b++) records[to + 1 + b] = roots[from + b] as number;
  }
  return records;
}

function evenEnds(count: number, stride: number): Uint32Array {
  const ends = new Uint32Array(count);
  for (let i = 0; i < count; i++) ends[i] = (i + 1) * stride;
  return ends;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return -1;
}
