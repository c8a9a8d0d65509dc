/** The bytes of C2SP tlog-tiles: hashes laid end to end, and bundles of entries, each `length u16 || bytes`. */
import { concatBytes } from '@custody/bytes';
import { formatError, usageError } from './errors.ts';
import { HASH_LENGTH } from './tree.ts';

const ENTRY_MAX = 0xffff;

/** One bundle's bytes. Throws a UsageError for an entry over 65,535 bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > ENTRY_MAX) throw usageError(`an entry has at most ${ENTRY_MAX} bytes, not ${entry.length}`);
    parts.push(Uint8Array.of(entry.length >>> 8, entry.length), entry);
  }
  return concatBytes(parts);
}

/** The `width` entries of a bundle, as views. Throws TILE_MALFORMED unless exactly that many fill it. */
export function readEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (entries.length === width) throw malformed(`bytes follow after its ${width} entries`);
    if (at + 2 > bytes.length) throw malformed('a length is cut short');
    const end = at + 2 + (((bytes[at] as number) << 8) | (bytes[at + 1] as number));
    if (end > bytes.length) throw malformed('an entry is cut short');
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== width) throw malformed(`it has ${entries.length} entries, not ${width}`);
  return entries;
}

/** The `width` hashes of a tile. Throws TILE_MALFORMED for another length. */
export function readHashTile(bytes: Uint8Array, width: number): Uint8Array {
  if (bytes.length !== width * HASH_LENGTH) throw malformed(`it has ${bytes.length} bytes, not ${width * HASH_LENGTH}`);
  return bytes;
}

function malformed(why: string): Error {
  return formatError('TILE_MALFORMED', `a tile of the log is malformed: ${why}`);
}
