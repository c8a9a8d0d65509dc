/** Decrypted chunks kept per reader unless told otherwise: 64 of 64 KiB are 4 MiB. */
export const CHUNKS_KEPT = 64;

/** The most recently used decrypted chunks. A Map keeps insertion order, so its first key is the oldest. */
export class ChunkCache {
  readonly #kept = new Map<number, Uint8Array>();
  readonly #most: number;

  constructor(most: number = CHUNKS_KEPT) {
    this.#most = most;
  }

  get(index: number): Uint8Array | undefined {
    const chunk = this.#kept.get(index);
    if (chunk === undefined) return undefined;
    this.#kept.delete(index);
    this.#kept.set(index, chunk);
    return chunk;
  }

  set(index: number, chunk: Uint8Array): void {
    this.#kept.set(index, chunk);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value as number);
  }

  clear(): void {
    this.#kept.clear();
  }
}
