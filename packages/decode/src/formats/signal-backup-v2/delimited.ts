import type { ByteSource } from '../../byte-source.ts';
import { LONGEST_FRAME } from './layout.ts';

/** One message with its length in front. */
export interface Delimited {
  /** Of the length, in the plaintext. */
  readonly offset: number;
  /** With the length. */
  readonly length: number;
  /** A view, until the next one is read. */
  readonly bytes: Uint8Array;
}

/** Why reading stopped before the end: the place of the length that cannot be. */
export interface BadLength {
  readonly offset: number;
  readonly why: 'end' | 'length';
}

const WINDOW = 1024 * 1024;

/** Varint-delimited messages from `from` up to `until`, read through one window: nothing is kept in memory. */
export function* readDelimited(source: ByteSource, from: number, until: number): Generator<Delimited | BadLength> {
  const window = new Window(source, until);
  for (let at = from; at < until; ) {
    const length = window.length(at);
    if (length === null) return yield { offset: at, why: 'end' };
    if (length.value > LONGEST_FRAME) return yield { offset: at, why: 'length' };
    const bytes = window.read(at + length.size, length.value);
    if (bytes.length < length.value) return yield { offset: at, why: 'end' };
    yield { offset: at, length: length.size + length.value, bytes };
    at += length.size + length.value;
  }
}

class Window {
  readonly #source: ByteSource;
  readonly #until: number;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource, until: number) {
    this.#source = source;
    this.#until = Math.min(until, source.length);
  }

  /** A base-128 length; null where the source ends inside it. Of more than five bytes: too long for anything. */
  length(at: number): { readonly value: number; readonly size: number } | null {
    const head = this.read(at, 5);
    let value = 0;
    for (let i = 0; i < head.length; i++) {
      value += ((head[i] as number) & 0x7f) * 2 ** (7 * i);
      if ((head[i] as number) < 0x80) return { value, size: i + 1 };
    }
    return head.length < 5 ? null : { value: Number.POSITIVE_INFINITY, size: 5 };
  }

  read(at: number, length: number): Uint8Array {
    const end = Math.min(at + length, this.#until);
    if (at < this.#start || end > this.#start + this.#bytes.length) {
      this.#start = at;
      this.#bytes = this.#source.read(at, Math.min(Math.max(WINDOW, length), this.#until - at));
    }
    return this.#bytes.subarray(at - this.#start, end - this.#start);
  }
}
