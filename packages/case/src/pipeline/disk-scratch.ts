import { type Cipheriv, createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource, Scratch, ScratchFile, ScratchHandle } from '@custody/decode';

const BLOCK = 16;
/** Read unit of the cache: one chunk covers many database pages, 64 of them are 4 MiB. */
const CHUNK = 64 * 1024;
const CACHED = 64;

/**
 * Scratch on disk under a key that exists in this process's memory only. The file loses its name at once, so a killed
 * process leaves nothing behind but freed, encrypted blocks. Threads of the process share it by its descriptor.
 */
export class DiskScratch implements Scratch {
  readonly #key: Uint8Array;
  readonly #files = new Set<number>();

  constructor(key: Uint8Array = new Uint8Array(randomBytes(32))) {
    this.#key = key;
  }

  /** For other threads of this process only. */
  get key(): Uint8Array {
    return this.#key;
  }

  create(): ScratchFile {
    const folder = mkdtempSync(join(process.env.CUSTODY_SCRATCH ?? tmpdir(), 'custody-scratch-'));
    const path = join(folder, 'scratch');
    const fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    rmdirSync(folder);
    this.#files.add(fd);
    return new Writing(fd, this.#key, () => this.#files.delete(fd));
  }

  open(handle: ScratchHandle): ByteSource {
    const [fd, salt] = handle.id.split(':') as [string, string];
    return new Reading(Number(fd), Buffer.from(salt, 'hex'), { key: this.#key, length: handle.length });
  }

  /** As `open`, for pieces read once and in no order: of the file no more is read and decrypted than each piece needs. */
  openScattered(handle: ScratchHandle): ByteSource {
    const [fd, salt] = handle.id.split(':') as [string, string];
    return new Scattered(Number(fd), Buffer.from(salt, 'hex'), { key: this.#key, length: handle.length });
  }

  /** Frees every file made here: their blocks go with the descriptors. */
  dispose(): void {
    for (const fd of this.#files) closeSync(fd);
    this.#files.clear();
  }
}

class Writing implements ScratchFile {
  readonly #fd: number;
  /** Upper half of the counter block: no two files share a keystream. */
  readonly #salt = randomBytes(8);
  readonly #cipher: Cipheriv;
  readonly #discarded: () => void;
  #length = 0;

  constructor(fd: number, key: Uint8Array, discarded: () => void) {
    this.#fd = fd;
    this.#discarded = discarded;
    this.#cipher = createCipheriv('aes-256-ctr', key, counterAt(this.#salt, 0));
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const sealed = this.#cipher.update(bytes);
    for (let at = 0; at < sealed.length; ) at += writeSync(this.#fd, sealed, at, sealed.length - at);
    this.#length += bytes.length;
  }

  finish(): ScratchHandle {
    return { id: `${this.#fd}:${this.#salt.toString('hex')}`, length: this.#length };
  }

  discard(): void {
    ftruncateSync(this.#fd, 0);
    closeSync(this.#fd);
    this.#discarded();
  }
}

class Reading implements ByteSource {
  readonly length: number;
  readonly #fd: number;
  readonly #salt: Uint8Array;
  readonly #key: Uint8Array;
  readonly #cache = new Map<number, Uint8Array>();

  constructor(fd: number, salt: Uint8Array, { key, length }: { key: Uint8Array; length: number }) {
    this.#fd = fd;
    this.#salt = salt;
    this.#key = key;
    this.length = length;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.length);
    if (end <= offset) return new Uint8Array(0);
    const first = Math.floor(offset / CHUNK);
    const within = offset - first * CHUNK;
    if (end <= (first + 1) * CHUNK) return this.#chunk(first).subarray(within, within + end - offset);
    const out = new Uint8Array(end - offset);
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / CHUNK);
      const piece = this.#chunk(index).subarray(at - index * CHUNK, Math.min(CHUNK, end - index * CHUNK));
      out.set(piece, at - offset);
      at += piece.length;
    }
    return out;
  }

  #chunk(index: number): Uint8Array {
    const known = this.#cache.get(index);
    if (known !== undefined) return known;
    const at = index * CHUNK;
    const sealed = readExactly(this.#fd, Buffer.alloc(Math.min(CHUNK, this.length - at)), at);
    const plain = createCipheriv('aes-256-ctr', this.#key, counterAt(this.#salt, at / BLOCK)).update(sealed);
    if (this.#cache.size >= CACHED) this.#cache.delete(this.#cache.keys().next().value as number);
    this.#cache.set(index, plain);
    return plain;
  }
}

class Scattered implements ByteSource {
  readonly length: number;
  readonly #fd: number;
  readonly #salt: Uint8Array;
  readonly #key: KeyObject;
  #room: Uint8Array = Buffer.allocUnsafeSlow(CHUNK);

  constructor(fd: number, salt: Uint8Array, { key, length }: { key: Uint8Array; length: number }) {
    this.#fd = fd;
    this.#salt = salt;
    this.#key = createSecretKey(key);
    this.length = length;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.length);
    if (end <= offset) return new Uint8Array(0);
    const from = offset - (offset % BLOCK);
    if (this.#room.length < end - from) this.#room = Buffer.allocUnsafeSlow(2 * (end - from));
    const sealed = readExactly(this.#fd, this.#room.subarray(0, end - from), from);
    const plain = createCipheriv('aes-256-ctr', this.#key, counterAt(this.#salt, from / BLOCK)).update(sealed);
    return plain.subarray(offset - from);
  }
}

function readExactly(fd: number, into: Uint8Array, offset: number): Uint8Array {
  for (let got = 0; got < into.length; ) {
    const n = readSync(fd, into, got, into.length - got, offset + got);
    if (n === 0) throw new Error('the scratch file ended before its length');
    got += n;
  }
  return into;
}

/** AES-CTR counter block (NIST SP 800-38A B.2): 8 bytes of the file, 8 bytes of block number. */
function counterAt(salt: Uint8Array, block: number): Uint8Array {
  const counter = new Uint8Array(16);
  counter.set(salt);
  new DataView(counter.buffer).setBigUint64(8, BigInt(block));
  return counter;
}
