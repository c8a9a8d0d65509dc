import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { releaseBytes } from '@custody/bytes';
import { CHUNK, openChunk, payloadShape, SEALED_CHUNK, TAG } from './age-payload.ts';
import { ChunkCache } from './chunk-cache.ts';
import { checkRange, chunksOf, cutRange } from './chunk-range.ts';
import { READ_FLAGS } from './directory-read.ts';
import { type Identities, MAX_HEAD, type OpenedHeader, openSealedHeader } from './open-sealed.ts';
import { sealBroken } from './seal-broken.ts';
import { storeError } from './store-error.ts';

/** Synchronous random access to the plaintext of a sealed file. */
export interface SealedReader {
  /** Length of the plaintext, authenticated: the last chunk was opened as the last. */
  readonly length: number;
  /** Bytes of the plaintext; a view where they lie in one chunk, so not to be written to. Throws RANGE_INVALID, SEAL_BROKEN. */
  read(offset: number, length: number): Uint8Array;
  /** Fills `into` with the bytes from `offset`. Errors as read. */
  readInto(offset: number, into: Uint8Array): void;
  close(): void;
}

/** Chunks of a range that would only drive others out of the cache. */
const LONG_RANGE = 8;

class SealedFile implements SealedReader {
  readonly length: number;
  readonly #fd: number;
  readonly #header: OpenedHeader;
  readonly #chunks: number;
  readonly #cache = new ChunkCache();
  /** The chunk being opened; its plaintext gets memory of its own. */
  readonly #sealed: Buffer = Buffer.allocUnsafeSlow(SEALED_CHUNK);
  #closed = false;

  constructor(fd: number, size: number, identities: Identities) {
    this.#fd = fd;
    this.#header = openSealedHeader(readExactly(fd, 0, Buffer.allocUnsafeSlow(Math.min(size, MAX_HEAD))), identities);
    const shape = payloadShape(size - this.#header.payloadOffset);
    this.length = shape.length;
    this.#chunks = shape.chunks;
    // The final flag and length of the last chunk are under its tag: a file cut at a chunk's end fails here.
    this.#chunk(this.#chunks - 1);
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(offset, length, this.length);
    if (length === 0) return new Uint8Array(0);
    const { first, last } = chunksOf(offset, length);
    if (first === last) return cutRange([this.#chunk(first)], offset, length);
    if (last - first >= LONG_RANGE) {
      const out = new Uint8Array(length);
      this.readInto(offset, out);
      return out;
    }
    const chunks: Uint8Array[] = [];
    for (let i = first; i <= last; i++) chunks.push(this.#chunk(i));
    return cutRange(chunks, offset, length);
  }

  /** As a range is read in passing: of its chunks none but the last is kept, and each is let go as soon as it is copied. */
  readInto(offset: number, into: Uint8Array): void {
    checkRange(offset, into.length, this.length);
    if (into.length === 0) return;
    const { first, last } = chunksOf(offset, into.length);
    for (let i = first; i <= last; i++) {
      const known = this.#cache.get(i) ?? (i === last ? this.#chunk(i) : null);
      const plain = known ?? this.#open(i);
      const from = Math.max(0, offset - i * CHUNK);
      into.set(plain.subarray(from, offset + into.length - i * CHUNK), i * CHUNK + from - offset);
      if (known === null) releaseBytes(plain);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cache.clear();
    closeSync(this.#fd);
  }

  #chunk(index: number): Uint8Array {
    const known = this.#cache.get(index);
    if (known !== undefined) return known;
    const plain = this.#open(index);
    this.#cache.set(index, plain);
    return plain;
  }

  #open(index: number): Uint8Array {
    const final = index === this.#chunks - 1;
    const size = final ? this.length - index * CHUNK + TAG : SEALED_CHUNK;
    const sealed = readExactly(
      this.#fd,
      this.#header.payloadOffset + index * SEALED_CHUNK,
      this.#sealed.subarray(0, size),
    );
    return openChunk(this.#header.payloadKey, { index, final }, sealed);
  }
}

/**
 * Opens a sealed file for random access: only the 64 KiB chunks that are asked for are read and decrypted, the last
 * 64 of them are kept. Truncation is caught here, other damage when its chunk is read.
 * Throws UsageError SEALED_TO_OTHERS, IntegrityError SEAL_BROKEN, OBJECT_MISSING, UnavailableError.
 */
export function openSealedFileSync(path: string, identities: Identities): SealedReader {
  let fd = -1;
  try {
    fd = openSync(path, READ_FLAGS);
    return new SealedFile(fd, fstatSync(fd).size, identities);
  } catch (error) {
    if (fd >= 0) closeSync(fd);
    throw storeError(error, { doing: 'opening', what: 'the sealed file', location: path });
  }
}

/** Fills `bytes` from `offset` of the file. */
function readExactly(fd: number, offset: number, bytes: Buffer): Buffer {
  for (let at = 0; at < bytes.length; ) {
    const got = readSync(fd, bytes, at, bytes.length - at, offset + at);
    if (got === 0) throw sealBroken('it became shorter while it was read');
    at += got;
  }
  return bytes;
}
