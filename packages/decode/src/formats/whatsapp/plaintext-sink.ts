import { constants, inflateSync } from 'node:zlib';
import { equalBytes } from '@custody/bytes';
import type { Scratch, ScratchFile, ScratchHandle } from '../../scratch.ts';
import { type InflateEnd, Inflater } from './inflater.ts';
import { SQLITE_MAGIC } from './layout.ts';

/** How the plaintext of a backup is packed. */
export type Packing = 'zlib' | 'zip' | 'plain' | 'unknown';

export interface OutputLimits {
  /** Most bytes that a backup may unpack to. */
  readonly bytes: number;
  /** Most bytes out for one in, beyond `free`: zlib reaches 1,032, databases some 3 to 20. */
  readonly ratio: number;
  readonly free: number;
}

export const OUTPUT_LIMITS: OutputLimits = { bytes: 64 * 2 ** 30, ratio: 250, free: 256 * 2 ** 20 };

/** Prefixes of a zlib stream that are inflated to see whether a database begins there. */
const PREFIXES = [4096, 1024, 512, 256, 128, 96, 64];
const LONGEST_START = 8 * 2 ** 20;

/** Enough to tell the packing, and a ZIP member's name from noise. */
const SNIFF_LENGTH = 64;

/**
 * Takes decrypted, not yet authenticated bytes into a scratch file, inflating them on the way. Nothing leaves before
 * `release`, which the caller calls only after the tag verified; else `discard`.
 */
export class PlaintextSink {
  readonly #file: ScratchFile;
  readonly #limits: OutputLimits;
  #head = new Uint8Array(0);
  #packing: Packing | null = null;
  #inflater: Inflater | null = null;
  #in = 0;
  #out = 0;
  #startsAsDatabase = false;
  #end: InflateEnd = 'short';
  #limitReached = false;

  constructor(scratch: Scratch, limits: OutputLimits) {
    this.#file = scratch.create();
    this.#limits = limits;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#in += bytes.length;
    if (this.#packing !== null) return this.#forward(bytes);
    const joined = new Uint8Array(this.#head.length + bytes.length);
    joined.set(this.#head);
    joined.set(bytes, this.#head.length);
    this.#head = joined;
    if (joined.length >= SNIFF_LENGTH) await this.#start();
  }

  async finish(): Promise<void> {
    if (this.#packing === null) await this.#start();
    if (this.#inflater !== null) this.#end = await this.#inflater.end();
    else if (!this.#limitReached) this.#end = 'complete';
  }

  get packing(): Packing {
    return this.#packing ?? 'unknown';
  }

  get end(): InflateEnd {
    return this.#end;
  }

  get limitReached(): boolean {
    return this.#limitReached;
  }

  /** Bytes that came out so far. */
  get length(): number {
    return this.#out;
  }

  /** Whether the plaintext begins as only the right key makes it: a wrong one would need 2^-60 luck or less. */
  get startsAsDatabase(): boolean {
    return this.#startsAsDatabase;
  }

  release(): ScratchHandle {
    return this.#file.finish();
  }

  discard(): void {
    this.#inflater?.destroy();
    this.#file.discard();
  }

  async #start(): Promise<void> {
    const head = this.#head;
    this.#head = new Uint8Array(0);
    this.#packing = packingOf(head);
    this.#startsAsDatabase = this.#packing === 'zlib' ? inflatesToDatabase(head) : this.#packing !== 'unknown';
    if (this.#packing === 'zlib') this.#inflater = new Inflater('zlib', (bytes) => this.#append(bytes));
    await this.#forward(head);
  }

  async #forward(bytes: Uint8Array): Promise<void> {
    if (this.#inflater !== null) await this.#inflater.write(bytes);
    else if (this.#packing !== 'unknown' && !this.#limitReached) this.#append(bytes);
  }

  #append(bytes: Uint8Array): boolean {
    if (this.#out + bytes.length > Math.min(this.#limits.bytes, this.#limits.free + this.#in * this.#limits.ratio)) {
      this.#limitReached = true;
      return false;
    }
    this.#out += bytes.length;
    this.#file.append(bytes);
    return true;
  }
}

/** Whether a prefix of a zlib stream inflates to the first bytes of a database. Damage behind it must not hide it. */
function inflatesToDatabase(head: Uint8Array): boolean {
  for (const length of PREFIXES) {
    try {
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LONGEST_START };
      const start = inflateSync(head.subarray(0, length), options);
      if (start.length >= 16) return equalBytes(start.subarray(0, 16), SQLITE_MAGIC);
    } catch {
      // Not deflate as far as this; a shorter prefix may be.
    }
  }
  return false;
}

/** RFC 1950 2.2 for zlib, APPNOTE 4.3.7 for ZIP. */
function packingOf(head: Uint8Array): Packing {
  if (head.length >= 16 && equalBytes(head.subarray(0, 16), SQLITE_MAGIC)) return 'plain';
  if (isZipStart(head)) return 'zip';
  const [cmf = 0, flags = 0] = head;
  const zlib = (cmf & 0x0f) === 8 && cmf >> 4 <= 7 && ((cmf << 8) | flags) % 31 === 0 && (flags & 0x20) === 0;
  return zlib ? 'zlib' : 'unknown';
}

function isZipStart(head: Uint8Array): boolean {
  if (head.length < 34 || head[0] !== 0x50 || head[1] !== 0x4b || head[2] !== 3 || head[3] !== 4) return false;
  const method = (head[8] as number) | ((head[9] as number) << 8);
  const nameLength = (head[26] as number) | ((head[27] as number) << 8);
  if ((method !== 0 && method !== 8) || nameLength === 0 || nameLength > 1024) return false;
  return head.subarray(30, Math.min(head.length, 30 + nameLength)).every((byte) => byte >= 0x20);
}
