/** C2SP tlog-tiles: the log cut into immutable files of 256 hashes or 256 entries. */
import { concatBytes } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { formatError, usageError } from './errors.ts';
import { TILE_WIDTH, type TileAddress } from './tile-paths.ts';
import { HASH_LENGTH, treeHash } from './tree.ts';

/** Eight tree levels in one tile. */
const TILE_BYTES = TILE_WIDTH * HASH_LENGTH;
const ENTRY_MAX = 0xffff;

export interface Tile extends TileAddress {
  readonly bytes: Uint8Array;
}

/**
 * The hash tiles of a log that grew from `from` to `hashes.length / 32` entries: those that did not exist at `from`, full
 * and partial, lowest level first. With `from` 0 these are all tiles of the log. `hashes` are all its leaf hashes.
 */
export function hashTiles(hashes: Uint8Array, from = 0): Tile[] {
  const tiles: Tile[] = [];
  let level = hashes;
  let known = from;
  for (let number = 0; level.length > 0; number++) {
    tiles.push(...tilesOfLevel(level, number, known));
    level = nextLevel(level);
    known = Math.floor(known / TILE_WIDTH);
  }
  return tiles;
}

/** The entry bundles new since `from`; each entry is `length u16 || bytes`. Throws a UsageError for an entry over 65,535 bytes. */
export function entryBundles(entries: readonly Uint8Array[], from = 0): Tile[] {
  const bundles: Tile[] = [];
  for (const { index, width } of newWidths(entries.length, from)) {
    const members = entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
    bundles.push({ level: 'entries', index, width, bytes: encodeEntryBundle(members) });
  }
  return bundles;
}

/** One bundle's bytes. */
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

function tilesOfLevel(level: Uint8Array, number: number, known: number): Tile[] {
  return [...newWidths(level.length / HASH_LENGTH, known)].map(({ index, width }) => ({
    level: number,
    index,
    width,
    bytes: copyBytes(level, index * TILE_BYTES, index * TILE_BYTES + width * HASH_LENGTH),
  }));
}

/** Which tiles of a level of `count` members are new where `known` members stood before. */
function* newWidths(count: number, known: number): Generator<{ index: number; width: number }> {
  if (count <= known) return;
  for (let index = Math.floor(known / TILE_WIDTH); index * TILE_WIDTH < count; index++) {
    yield { index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
  }
}

/** One hash for each full tile: only complete subtrees stand on the next level. */
function nextLevel(level: Uint8Array): Uint8Array {
  const full = Math.floor(level.length / TILE_BYTES);
  const next = new Uint8Array(full * HASH_LENGTH);
  for (let i = 0; i < full; i++)
    next.set(treeHash(level.subarray(i * TILE_BYTES, (i + 1) * TILE_BYTES)), i * HASH_LENGTH);
  return next;
}

function malformed(why: string): Error {
  return formatError('TILE_MALFORMED', `a tile of the log is malformed: ${why}`);
}
