import type { ByteSource } from '../../byte-source.ts';

const PIECE = 256 * 1024;

/** Walks a source byte by byte and looks ahead, with one window of it in memory. */
export class ByteCursor {
  readonly #source: ByteSource;
  #window: Buffer = Buffer.alloc(0);
  #from = 0;
  /** Where the next byte stands. */
  at: number;

  constructor(source: ByteSource, at = 0) {
    this.#source = source;
    this.at = at;
  }

  get length(): number {
    return this.#source.length;
  }

  /** The byte here; -1 at the end. */
  peek(): number {
    const byte = this.#window[this.at - this.#from];
    if (byte !== undefined && this.at >= this.#from) return byte;
    if (this.at >= this.#source.length) return -1;
    this.#fill(this.at);
    return this.#window[0] ?? -1;
  }

  skipSpace(): void {
    for (let byte = this.peek(); byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = this.peek()) {
      this.at++;
    }
  }

  /** Where `needle` begins, from `from` on and before `until`; -1: nowhere. */
  find(needle: Uint8Array, from: number, until: number): number {
    for (let at = from; at < until; ) {
      if (at < this.#from || at + needle.length > this.#from + this.#window.length) this.#fill(at);
      const found = this.#window.indexOf(needle, at - this.#from);
      if (found >= 0) return this.#from + found < until ? this.#from + found : -1;
      const next = this.#from + this.#window.length - needle.length + 1;
      if (next <= at) return -1;
      at = next;
    }
    return -1;
  }

  slice(from: number, to: number): Uint8Array {
    return this.#source.read(from, to - from);
  }

  #fill(at: number): void {
    const bytes = this.#source.read(at, PIECE).slice();
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#from = at;
  }
}
