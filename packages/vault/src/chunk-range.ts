import { UsageError } from '@custody/bytes';
import { CHUNK } from './age-payload.ts';
import type { VaultErrorCode } from './errors.ts';

/** Throws UsageError RANGE_INVALID unless `offset .. offset+length` lies within `total` bytes. */
export function checkRange(offset: number, length: number, total: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && offset + length <= total) return;
  throw new UsageError<VaultErrorCode>(
    'RANGE_INVALID',
    `The range ${offset}+${length} does not lie within the ${total} bytes there are.`,
  );
}

/** The chunks that hold the bytes `offset .. offset+length`, `length` being more than 0. */
export function chunksOf(offset: number, length: number): { readonly first: number; readonly last: number } {
  return { first: Math.floor(offset / CHUNK), last: Math.floor((offset + length - 1) / CHUNK) };
}

/**
 * The bytes of a range from the chunks that hold it. A range within one chunk is a view of that chunk; callers do
 * not write to it.
 */
export function cutRange(chunks: readonly Uint8Array[], offset: number, length: number): Uint8Array {
  const skip = offset % CHUNK;
  if (chunks.length === 1) return (chunks[0] as Uint8Array).subarray(skip, skip + length);
  const out = new Uint8Array(length);
  let at = 0;
  for (const [i, chunk] of chunks.entries()) {
    const start = i === 0 ? skip : 0;
    const part = chunk.subarray(start, start + length - at);
    out.set(part, at);
    at += part.length;
  }
  return out;
}
