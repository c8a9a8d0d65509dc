import { usageError } from './errors.ts';
import { TILE_WIDTH, type TileAddress } from './tile-paths.ts';
import { HASH_LENGTH, treeHash } from './tree.ts';

const TILE_BYTES = TILE_WIDTH * HASH_LENGTH;

/**
 * The hashes of a growing log as tiles hold them (C2SP tlog-tiles): level 0 are the leaf hashes, each hash of a level
 * above is the root of 256 below it. 32 bytes an entry; a tile of any size the log ever had is a range of one level.
 */
export class TileTree {
  readonly #levels: HashList[] = [];

  /** Entries so far. */
  get size(): number {
    return this.#levels[0]?.count ?? 0;
  }

  /** Appends the leaf hash of the next entry. */
  append(leafHash: Uint8Array): void {
    let hash = leafHash;
    for (let level = 0; ; level++) {
      const list = this.#listAt(level);
      list.push(hash);
      if (list.count % TILE_WIDTH !== 0) return;
      hash = treeHash(list.range(list.count - TILE_WIDTH, list.count));
    }
  }

  /** Leaf hashes of the first `size` entries, laid end to end, as a view. */
  leafHashes(size: number): Uint8Array {
    if (size > this.size) throw usageError(`the log has ${this.size} entries, not ${size}`);
    return this.#levels[0]?.range(0, size) ?? new Uint8Array(0);
  }

  /** The hashes of a tile, as a view; null where the log is not that long. */
  tile(address: TileAddress): Uint8Array | null {
    const list = address.level === 'entries' ? undefined : this.#levels[address.level];
    const start = address.index * TILE_WIDTH;
    const end = start + address.width;
    return list === undefined || end > list.count ? null : list.range(start, end);
  }

  #listAt(level: number): HashList {
    const known = this.#levels[level];
    if (known !== undefined) return known;
    const made = new HashList();
    this.#levels.push(made);
    return made;
  }
}

/**
 * Addresses of the tiles and entry bundles that a log of `to` entries has and one of `from` had not, partial ones
 * included, lowest level first.
 */
export function tilesBetween(from: number, to: number): TileAddress[] {
  const tiles: TileAddress[] = [];
  let known = from;
  let count = to;
  for (let level = 0; count > 0; level++) {
    for (const { index, width } of widthsBetween(known, count)) {
      tiles.push({ level, index, width });
      if (level === 0) tiles.push({ level: 'entries', index, width });
    }
    known = Math.floor(known / TILE_WIDTH);
    count = Math.floor(count / TILE_WIDTH);
  }
  return tiles;
}

/** The tiles of one level that are new where `known` members became `count`. */
export function* widthsBetween(known: number, count: number): Generator<{ index: number; width: number }> {
  if (count <= known) return;
  for (let index = Math.floor(known / TILE_WIDTH); index * TILE_WIDTH < count; index++) {
    yield { index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
  }
}

/** Hashes laid end to end in a buffer that doubles. */
class HashList {
  #bytes: Uint8Array = new Uint8Array(TILE_BYTES);
  count = 0;

  push(hash: Uint8Array): void {
    const at = this.count * HASH_LENGTH;
    if (at === this.#bytes.length) {
      const longer = new Uint8Array(this.#bytes.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(hash, at);
    this.count++;
  }

  range(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start * HASH_LENGTH, end * HASH_LENGTH);
  }
}
