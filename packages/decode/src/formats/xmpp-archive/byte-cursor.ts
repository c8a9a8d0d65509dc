import type { ByteSource } from '../../byte-source.ts';

const WINDOW = 1024 * 1024;

/** Bytes of a file one after the other, a window in memory. */
export class ByteCursor {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** Offset of the next byte. */
  at = 0;

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
    this.#window = this.#source.read(this.at, WINDOW).slice();
    return this.#window.length === 0 ? -1 : (this.#window[0] as number);
  }

  /** The text of the current line, without moving, up to `most` bytes. */
  line(most: number): string {
    const bytes = this.#source.read(this.at, most);
    const end = bytes.indexOf(0x0a);
    const line = end < 0 ? bytes : bytes.subarray(0, end);
    return Buffer.from(line.buffer, line.byteOffset, line.length).toString();
  }

  /** Moves behind the next line feed. */
  skipLine(): void {
    for (let byte = this.peek(); byte >= 0; byte = this.peek()) {
      this.at++;
      if (byte === 0x0a) return;
    }
  }
}
