import { CHUNK, openChunk, payloadShape, SEALED_CHUNK, TAG } from './age-payload.ts';
import { CHUNKS_KEPT, ChunkCache } from './chunk-cache.ts';
import { checkRange, chunksOf, cutRange } from './chunk-range.ts';
import { type Identities, MAX_HEAD, type OpenedHeader, openSealedHeader, tryOpenHeader } from './open-sealed.ts';
import { missing } from './store-error.ts';
import type { Vault } from './vault.ts';

/** Ours: objects up to this length are fetched in one request; a header for a few recipients fits well within. */
const FIRST_READ = 16_384;
/** At most this many chunks in one request: 4 MiB. */
const CHUNKS_A_READ = 64;

/** Random access to the plaintext of a sealed object of any vault. */
export interface SealedRangeReader {
  /** Length of the plaintext, authenticated: the last chunk was opened as the last. */
  readonly length: number;
  /** Bytes of the plaintext; a view where they lie in one chunk, so not to be written to. Throws RANGE_INVALID, SEAL_BROKEN. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

class SealedRange implements SealedRangeReader {
  readonly length: number;
  readonly #fetch: Fetch;
  readonly #header: OpenedHeader;
  readonly #chunks: number;
  readonly #cache: ChunkCache;

  constructor(fetch: Fetch, header: OpenedHeader, { size, kept }: { readonly size: number; readonly kept: number }) {
    const shape = payloadShape(size - header.payloadOffset);
    this.length = shape.length;
    this.#chunks = shape.chunks;
    this.#header = header;
    this.#fetch = fetch;
    this.#cache = new ChunkCache(kept);
  }

  /** Opens the last chunk: an object cut at a chunk's end fails here. */
  async checkEnd(): Promise<this> {
    await this.#chunksFrom(this.#chunks - 1, this.#chunks - 1);
    return this;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(offset, length, this.length);
    if (length === 0) return new Uint8Array(0);
    const { first, last } = chunksOf(offset, length);
    return cutRange(await this.#chunksFrom(first, last), offset, length);
  }

  async #chunksFrom(first: number, last: number): Promise<Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    for (let index = first; index <= last; ) {
      const known = this.#cache.get(index);
      const got = known === undefined ? await this.#fetchRun(index, last) : [known];
      chunks.push(...got);
      index += got.length;
    }
    return chunks;
  }

  /** Fetches the unknown chunks that follow each other from `first`, in one request. */
  async #fetchRun(first: number, last: number): Promise<Uint8Array[]> {
    let end = first + 1;
    while (end <= last && end - first < CHUNKS_A_READ && this.#cache.get(end) === undefined) end++;
    const final = end === this.#chunks;
    const size = final ? this.length - first * CHUNK + (end - first) * TAG : (end - first) * SEALED_CHUNK;
    const sealed = await this.#fetch(this.#header.payloadOffset + first * SEALED_CHUNK, size);
    const chunks: Uint8Array[] = [];
    for (let index = first; index < end; index++) {
      const at = (index - first) * SEALED_CHUNK;
      const place = { index, final: index === this.#chunks - 1 };
      const chunk = openChunk(this.#header.payloadKey, place, sealed.subarray(at, at + SEALED_CHUNK));
      this.#cache.set(index, chunk);
      chunks.push(chunk);
    }
    return chunks;
  }
}

type Fetch = (offset: number, length: number) => Promise<Uint8Array>;

/**
 * Opens a sealed object for random access: only the 64 KiB chunks that are asked for are fetched and decrypted, the
 * last `kept` of them are kept (64 unless told otherwise; at least 1). A small object costs one look and one read.
 * Throws UsageError SEALED_TO_OTHERS, IntegrityError SEAL_BROKEN, OBJECT_MISSING, UnavailableError.
 */
export async function openSealedRange(
  vault: Pick<Vault, 'info' | 'read' | 'location'>,
  name: string,
  identities: Identities,
  options: { readonly kept?: number } = {},
): Promise<SealedRangeReader> {
  const info = await vault.info(name);
  if (info === null) throw missing({ doing: 'opening', what: name, location: vault.location });
  const size = info.length;
  const head = await vault.read(name, { offset: 0, length: Math.min(size, FIRST_READ) });
  const fetch: Fetch = (offset, length) =>
    offset + length <= head.length
      ? Promise.resolve(head.subarray(offset, offset + length))
      : vault.read(name, { offset, length });
  const header =
    tryOpenHeader(head, identities) ?? openSealedHeader(await fetch(0, Math.min(size, MAX_HEAD)), identities);
  return new SealedRange(fetch, header, { size, kept: options.kept ?? CHUNKS_KEPT }).checkEnd();
}
