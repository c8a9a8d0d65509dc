import type { ByteSource } from '../byte-source.ts';

const WINDOW = 1024 * 1024;

/** Bytes of a file one after the other, a window in memory. */
export class ByteCursor {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** Offset of the next byte. */
  at = 0;
  /** Before this offset no comment is looked for: one began there that has no end in time. */
  commentsFrom = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get length(): number {
    return this.#source.length;
  }

  /** The byte at `at`, which stays; -1 at the end. */
  peek(): number {
    const inside = this.at - this.#start;
    if (inside >= 0 && inside < this.#window.length) return this.#window[inside] as number;
    if (this.at >= this.#source.length) return -1;
    this.#start = this.at;
    this.#window = new Uint8Array(this.#source.read(this.at, WINDOW));
    return this.#window.length === 0 ? -1 : (this.#window[0] as number);
  }

  /** The text of the current line, without moving, up to `most` bytes. */
  line(most: number): string {
    const bytes = this.#ahead(most);
    const end = bytes.indexOf(0x0a);
    const line = end < 0 ? bytes : bytes.subarray(0, end);
    return Buffer.from(line.buffer, line.byteOffset, line.length).toString();
  }

  /** What the window holds from `at` on where that has a whole line; else up to `most` bytes of the source. */
  #ahead(most: number): Uint8Array {
    if (this.peek() < 0) return new Uint8Array(0);
    const inside = this.at - this.#start;
    const end = this.#window.indexOf(0x0a, inside);
    if (end >= 0) return this.#window.subarray(inside, Math.min(end + 1, inside + most));
    return this.#source.read(this.at, most);
  }

  /** Moves behind the next line feed. */
  skipLine(): void {
    while (this.peek() >= 0) {
      const end = this.#window.indexOf(0x0a, this.at - this.#start);
      this.at = this.#start + (end < 0 ? this.#window.length : end + 1);
      if (end >= 0) return;
    }
  }
}
