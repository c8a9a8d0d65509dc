import type { ByteSource } from '../byte-source.ts';

const WINDOW = 1024 * 1024;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** A name on the way to the records; longer ones are not it. */
const LONGEST_NAME = 4096;

/** Finds where values of a JSON text begin and end, a window in memory, without checking what is inside them. */
export class JsonWalk {
  /** Offset of the next byte. */
  at: number;
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  #first = true;

  constructor(source: ByteSource) {
    this.#source = source;
    this.at = source.read(0, 3)[0] === 0xef ? 3 : 0;
  }

  /** Steps into the member of the object that begins here. */
  enterMember(name: string): boolean {
    if (this.#space() !== OPEN_OBJECT) return false;
    this.at++;
    while (this.#space() === QUOTE) {
      const start = this.at;
      if (!this.#string()) return false;
      const found = this.at - start <= LONGEST_NAME ? nameOf(this.#source.read(start, this.at - start)) : null;
      if (this.#space() !== COLON) return false;
      this.at++;
      if (found === name) return true;
      if (!this.#value() || this.#space() !== COMMA) return false;
      this.at++;
    }
    return false;
  }

  enterArray(): boolean {
    if (this.#space() !== OPEN_ARRAY) return false;
    this.at++;
    return true;
  }

  /** The next element of the array that was entered. */
  element(): { readonly offset: number; readonly length: number } | 'end' | 'broken' {
    let byte = this.#space();
    if (byte === CLOSE_ARRAY) return 'end';
    if (!this.#first) {
      if (byte !== COMMA) return 'broken';
      this.at++;
      byte = this.#space();
    }
    this.#first = false;
    const offset = this.at;
    if (!this.#value() || this.at === offset) {
      this.at = offset;
      return 'broken';
    }
    return { offset, length: this.at - offset };
  }

  #peek(): number {
    const inside = this.at - this.#start;
    if (inside >= 0 && inside < this.#window.length) return this.#window[inside] as number;
    if (this.at >= this.#source.length) return -1;
    this.#start = this.at;
    this.#window = new Uint8Array(this.#source.read(this.at, WINDOW));
    return this.#window[0] ?? -1;
  }

  #space(): number {
    for (;;) {
      const byte = this.#peek();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.at++;
    }
  }

  /** Moves behind a value; false where the text ends in it. */
  #value(): boolean {
    let depth = 0;
    for (let byte = this.#space(); byte >= 0; byte = this.#peek()) {
      if (byte === QUOTE) {
        if (!this.#string()) return false;
        if (depth === 0) return true;
        continue;
      }
      const isEnd = byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;
      if (depth === 0 && (isEnd || byte === COMMA || byte <= 0x20)) return true;
      if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
      this.at++;
      if (isEnd && --depth === 0) return true;
    }
    return false;
  }

  #string(): boolean {
    this.at++;
    for (let byte = this.#peek(); byte >= 0; byte = this.#peek()) {
      this.at++;
      if (byte === QUOTE) return true;
      if (byte === BACKSLASH) this.at++;
    }
    return false;
  }
}

function nameOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
