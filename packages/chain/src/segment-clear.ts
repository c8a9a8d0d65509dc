import { copyBytes } from './copy-bytes.ts';
import { formatError, usageError } from './errors.ts';
import { SEGMENT_LEAVES_MAX } from './kinds.ts';
import { HASH_LENGTH } from './tree.ts';

/** Bytes that a `segment` entry shows in the clear (SPEC.md section 4). */
export const SEGMENT_CLEAR_LENGTH = 60;

/** Where a segment stands in the capture and in the log, and what its leaves come to. */
export interface SegmentClear {
  /** Index of the derivation's `derive` entry in the log. */
  readonly derive: number;
  readonly unit: number;
  readonly part: number;
  /** LeafIndex of leaf 0: the sum of the counts of all earlier segment entries. */
  readonly first: number;
  readonly count: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** `derive u64 || unit u32 || part u32 || first u64 || count u32 || root`. Throws a UsageError for numbers that do not fit. */
export function encodeSegmentClear(clear: SegmentClear): Uint8Array {
  for (const value of [clear.derive, clear.first]) {
    if (!Number.isSafeInteger(value) || value < 0) throw usageError(`${value} is no index`);
  }
  for (const value of [clear.unit, clear.part, clear.count]) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw usageError(`${value} does not fit 32 bits`);
  }
  if (clear.count > SEGMENT_LEAVES_MAX) throw usageError(`a segment has at most ${SEGMENT_LEAVES_MAX} leaves`);
  if (clear.root.length !== HASH_LENGTH) throw usageError(`a segment root has 32 bytes, not ${clear.root.length}`);
  const bytes = new Uint8Array(SEGMENT_CLEAR_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(clear.derive));
  view.setUint32(8, clear.unit);
  view.setUint32(12, clear.part);
  view.setBigUint64(16, BigInt(clear.first));
  view.setUint32(24, clear.count);
  bytes.set(clear.root, 28);
  return bytes;
}

/** The clear bytes of a `segment` entry. Throws ENTRY_MALFORMED for another length or numbers above 2^53. */
export function readSegmentClear(bytes: Uint8Array): SegmentClear {
  if (bytes.length !== SEGMENT_CLEAR_LENGTH) {
    throw formatError('ENTRY_MALFORMED', `a segment entry has 60 clear bytes, this one ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // Readers take memory by this number.
  if (view.getUint32(24) > SEGMENT_LEAVES_MAX)
    throw formatError('ENTRY_MALFORMED', 'a segment entry counts over 4,096 leaves');
  return {
    derive: safeU64(view, 0),
    unit: view.getUint32(8),
    part: view.getUint32(12),
    first: safeU64(view, 16),
    count: view.getUint32(24),
    root: copyBytes(bytes, 28),
  };
}

function safeU64(view: DataView, at: number): number {
  const value = view.getBigUint64(at);
  // No real log comes near 2^53; a larger number would be rounded in silence.
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw formatError('ENTRY_MALFORMED', 'an index in a segment entry is over 2^53');
  return Number(value);
}
