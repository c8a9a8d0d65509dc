import { concatBytes, u32be, utf8Encode } from '@custody/bytes';
import { SEGMENT_LEAVES_MAX, type SegmentLeaves, segmentHeader } from '@custody/chain';
import { malformed } from './errors.ts';

/**
 * A segment's leaves as stored in clear: commitments only.
 * `label || derive (32) || unit u32 || part u32 || count u32 || kinds (count) || fields roots (count * 32)`
 */
const LABEL = utf8Encode('custody/leaves/v1\n');
const HEAD = LABEL.length + 32 + 12;

export interface LeavesObject extends SegmentLeaves {
  readonly derive: Uint8Array;
  readonly unit: number;
  readonly part: number;
}

export function encodeLeaves(leaves: Omit<LeavesObject, 'header'>): Uint8Array {
  const { derive, unit, part, kinds, roots } = leaves;
  return concatBytes([LABEL, derive, u32be(unit), u32be(part), u32be(kinds.length), kinds, roots]);
}

/** Throws FormatError OBJECT_MALFORMED where the bytes are not exactly a leaves object. */
export function readLeaves(bytes: Uint8Array): LeavesObject {
  if (bytes.length < HEAD || !LABEL.every((byte, i) => bytes[i] === byte))
    throw malformed('this is not a leaves object');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const derive = bytes.subarray(LABEL.length, LABEL.length + 32);
  const unit = view.getUint32(HEAD - 12);
  const part = view.getUint32(HEAD - 8);
  const count = view.getUint32(HEAD - 4);
  if (count > SEGMENT_LEAVES_MAX) throw malformed(`a leaves object declares ${count} leaves`);
  if (bytes.length !== HEAD + count * 33) throw malformed('a leaves object has another length than it declares');
  return {
    derive,
    unit,
    part,
    header: segmentHeader({ derive, unit, part, count }),
    kinds: bytes.subarray(HEAD, HEAD + count),
    roots: bytes.subarray(HEAD + count),
  };
}
