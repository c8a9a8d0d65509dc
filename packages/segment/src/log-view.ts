import { type CustodyError, equalBytes, utf8Decode, utf8Encode } from '@custody/bytes';
import {
  encodeEntryBundle,
  type LoggedEntry,
  TILE_WIDTH,
  type TileAddress,
  TileTree,
  tilePath,
  tilesBetween,
  treeHash,
} from '@custody/chain';
import type { Vault } from '@custody/vault';
import { broken } from './errors.ts';
import type { LogKeys } from './log-keys.ts';
import { LOG_PREFIX, PUBLISHED_CHECKPOINT } from './object-names.ts';

/** Tiles written at once. */
const LANES = 8;

/** The log as it stands: what a view is made of. */
export interface ViewedLog {
  readonly entries: readonly LoggedEntry[];
  /** Entries before each commit, in order. */
  readonly commits: readonly { readonly size: number; readonly checkpoint: string }[];
}

/** What stands published as the newest checkpoint. */
export interface PublishedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/**
 * The log as C2SP tlog-tiles publishes it, `log/checkpoint`, `log/tile/…` and `log/tile/entries/…`, made from commits
 * that are stored. It decides nothing: whatever of it is missing is made again by the next commit or by `resume`.
 */
export class LogView {
  readonly #vault: Vault;
  readonly #keys: LogKeys;
  readonly #tree = new TileTree();
  /** Entries of the log that is published; null until somebody looked. */
  #published: number | null = null;

  constructor(vault: Vault, keys: LogKeys) {
    this.#vault = vault;
    this.#keys = keys;
  }

  /** Takes the next entry of the log. */
  add(leafHash: Uint8Array): void {
    this.#tree.append(leafHash);
  }

  /** Leaf hashes of the first `size` entries. */
  leafHashes(size: number): Uint8Array {
    return this.#tree.leafHashes(size);
  }

  /** The root that the log had with `size` entries. */
  rootAt(size: number): Uint8Array {
    return treeHash(this.#tree.leafHashes(size));
  }

  /** The bytes of a tile or bundle; null where the log is not that long. */
  bytesOf(address: TileAddress, entries: readonly LoggedEntry[]): Uint8Array | null {
    if (address.level !== 'entries') return this.#tree.tile(address);
    const start = address.index * TILE_WIDTH;
    const members = entries.slice(start, start + address.width);
    return members.length < address.width ? null : encodeEntryBundle(members.map((entry) => entry.bytes));
  }

  /**
   * The published checkpoint, or null where none stands. Throws what `verifyCheckpoint` throws for one that the log's
   * key did not sign as it stands there.
   */
  async readCheckpoint(): Promise<PublishedCheckpoint | null> {
    if ((await this.#vault.info(PUBLISHED_CHECKPOINT)) === null) return null;
    const note = utf8Decode(await this.#vault.read(PUBLISHED_CHECKPOINT));
    const { size, root } = this.#keys.verifyCheckpoint(note);
    return { size: Number(size), root, note };
  }

  /**
   * Throws LOG_ROLLED_BACK or LOG_FORKED where the log's own key signed and published more, or something else, than the
   * commits hold: then nothing may be signed on top of them.
   */
  requireNoNewer(published: PublishedCheckpoint): void {
    const { size, root } = published;
    if (size > this.#tree.size) {
      throw broken(
        'LOG_ROLLED_BACK',
        `the log published a signed checkpoint of ${size} entries and holds ${this.#tree.size}: its end was cut off, or an older copy was put back`,
        { published: size, held: this.#tree.size },
      );
    }
    if (!equalBytes(this.rootAt(size), root)) {
      throw broken(
        'LOG_FORKED',
        `the log published a signed checkpoint of ${size} entries that are not those it holds`,
        {
          size,
        },
      );
    }
  }

  /**
   * Looks once, before anything is signed or the log is shown, at what stands published. `refresh` reads the commits on: in this order a commit
   * of somebody beside us is never taken for one that was cut off. Throws as `requireNoNewer`; a damaged checkpoint counts as
   * none, for it is made again.
   */
  async look(refresh: () => Promise<void>): Promise<void> {
    if (this.#published !== null) return;
    const published = await this.readCheckpoint().catch((error: CustodyError) => {
      if (error.family === 'integrity' || error.family === 'format') return null;
      throw error;
    });
    await refresh();
    if (published !== null) this.requireNoNewer(published);
    this.#published = published?.size ?? 0;
  }

  /** Publishes what was committed since: tiles first, then the checkpoint that needs them. */
  async publish(log: ViewedLog): Promise<void> {
    const from = this.#published ?? 0;
    const size = this.#tree.size;
    if (size === from) return;
    await this.#store(missingTiles(log, from, size), log);
    await this.#vault.replace(PUBLISHED_CHECKPOINT, utf8Encode(log.commits.at(-1)?.checkpoint ?? ''));
    this.#published = size;
    await this.#dropPartials(from, size);
  }

  /** Makes again whatever is not there of the view of this log. Nothing that stands is touched, right or wrong. */
  async restore(log: ViewedLog): Promise<number> {
    const there = new Set<string>();
    for await (const { name } of this.#vault.list(LOG_PREFIX)) there.add(name);
    const size = this.#tree.size;
    const missing = missingTiles(log, 0, size).filter((address) => !there.has(LOG_PREFIX + tilePath(address)));
    await this.#store(missing, log);
    const isMade = size > 0 && !there.has(PUBLISHED_CHECKPOINT);
    if (isMade) this.#published = 0;
    await this.publish(log);
    return missing.length + (isMade ? 1 : 0);
  }

  async #store(addresses: readonly TileAddress[], log: ViewedLog): Promise<void> {
    for (let at = 0; at < addresses.length; at += LANES) {
      await Promise.all(
        addresses.slice(at, at + LANES).map((address) => {
          const bytes = this.bytesOf(address, log.entries) as Uint8Array;
          return this.#vault.create(LOG_PREFIX + tilePath(address), bytes, { durable: false });
        }),
      );
    }
  }

  /** A full tile has all that the partial ones before it had (tlog-tiles: they may go once it stands). */
  async #dropPartials(from: number, to: number): Promise<void> {
    const full = tilesBetween(from, to).filter(({ width }) => width === TILE_WIDTH);
    for (const address of full) {
      const names: string[] = [];
      for await (const { name } of this.#vault.list(`${LOG_PREFIX}${tilePath(address)}.p/`)) names.push(name);
      for (const name of names) await this.#vault.remove(name);
    }
  }
}

/**
 * The tiles of every checkpoint signed between the two sizes (tlog-tiles asks for the partial ones of each), without
 * partial ones whose full tile is there by now.
 */
export function missingTiles(log: ViewedLog, from: number, size: number): TileAddress[] {
  const wanted = new Map<string, TileAddress>();
  const ends = log.commits.map((_, i) => log.commits[i + 1]?.size ?? size);
  let known = from;
  for (const end of ends) {
    if (end <= from || end > size) continue;
    for (const address of tilesBetween(known, end)) {
      if (address.width === TILE_WIDTH || !isFull(address, size)) wanted.set(tilePath(address), address);
    }
    known = end;
  }
  return [...wanted.values()];
}

/** Whether a log of `size` entries has the whole tile of which this is a part. */
function isFull({ level, index }: TileAddress, size: number): boolean {
  const span = TILE_WIDTH ** (level === 'entries' ? 1 : level + 1);
  return (index + 1) * span <= size;
}
