import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const PIECE = 4 * 1024 * 1024;

/** Bytes appended to a file in large pieces. */
export class CaptureSink {
  readonly #fd: number;
  #parts: Uint8Array[] = [];
  #waiting = 0;
  #flushed = 0;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, 'w');
  }

  get length(): number {
    return this.#flushed + this.#waiting;
  }

  write(bytes: Uint8Array | string): void {
    const part = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    this.#parts.push(part);
    this.#waiting += part.length;
    if (this.#waiting >= PIECE) this.#flush();
  }

  end(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    const all = Buffer.concat(this.#parts);
    for (let at = 0; at < all.length; ) at += writeSync(this.#fd, all, at);
    this.#flushed += all.length;
    this.#parts = [];
    this.#waiting = 0;
  }
}

const pool: string = Array.from({ length: 16_384 }, (_, i) =>
  createHash('sha256').update(`text ${i}`).digest('base64'),
).join('');

/** Text that packs badly and is always the same for a number: what a message of `length` characters says. */
export function saying(i: number, length: number): string {
  // Far from where the last ones came from: what lies near would pack well.
  const at = (Math.imul(i, 0x9e3779b1) >>> 0) % (pool.length - length);
  return `${i} ${pool.slice(at, at + length)}`;
}
