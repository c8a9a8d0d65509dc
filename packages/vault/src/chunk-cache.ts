/** Decrypted chunks kept per reader: 64 of 64 KiB are 4 MiB. */
const KEPT = 64;

/** The most recently used decrypted chunks. A Map keeps insertion order, so its first key is the oldest. */
export class ChunkCache {
  readonly #kept = new Map<number, Uint8Array>();

  get(index: number): Uint8Array | undefined {
    const chunk = this.#kept.get(index);
    if (chunk === undefined) return undefined;
    this.#kept.delete(index);
    this.#kept.set(index, chunk);
    return chunk;
  }

  set(index: number, chunk: Uint8Array): void {
    this.#kept.set(index, chunk);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value as number);
  }

  clear(): void {
    this.#kept.clear();
  }
}
