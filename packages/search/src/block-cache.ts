import type { Vault } from '@custody/vault';

/** Bytes of opened blocks and indexes kept for one vault. */
const MOST_BYTES = 96 * 1024 * 1024;
/** Ours: what an entry takes beyond its bytes. */
const ENTRY_BYTES = 512;

interface Entry {
  readonly value: Promise<unknown>;
  bytes: number;
}

const caches = new WeakMap<Vault, BlockCache>();

/**
 * What was opened of merged tiles, the least recently used given up first. Its size in bytes is bounded; whoever asks
 * for what another is just reading waits for the same read. Keys name the holder of the identities, so that nobody is
 * served what another opened.
 */
export class BlockCache {
  readonly #entries = new Map<string, Entry>();
  readonly #most: number;
  #bytes = 0;

  constructor(most: number = MOST_BYTES) {
    this.#most = most;
  }

  static of(vault: Vault): BlockCache {
    let cache = caches.get(vault);
    if (cache === undefined) {
      cache = new BlockCache();
      caches.set(vault, cache);
    }
    return cache;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under `key`, else what `load` gives; `sizeOf` tells its bytes. A failure is not kept. */
  async get<T>(key: string, load: () => Promise<T>, sizeOf: (value: T) => number): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value as Promise<T>;
    }
    const value = load();
    const entry = { value, bytes: ENTRY_BYTES };
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    try {
      const loaded = await value;
      if (this.#entries.get(key) === entry) {
        this.#bytes += sizeOf(loaded);
        entry.bytes += sizeOf(loaded);
        this.#shrink();
      }
      return loaded;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#drop(key, entry);
      throw error;
    }
  }

  /** Gives up everything whose key begins so. */
  forget(prefix: string): void {
    for (const [key, entry] of this.#entries) if (key.startsWith(prefix)) this.#drop(key, entry);
  }

  #shrink(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#most) return;
      this.#drop(key, entry);
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
