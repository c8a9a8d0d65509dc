import { utf8Latin1 } from './latin1.ts';

/** Characters of a needle by which a place is looked up before the whole is compared. */
const WINDOW = 4;
const TABLE_BITS = 20;

/** Many texts searched for at once, ASCII case aside, in time that hardly depends on how many there are. */
export class TextSearch<T> {
  /** By their first four bytes, then by length: many may begin alike, and few lengths come of it. */
  readonly #byWindow = new Map<number, Map<number, Map<string, T>>>();
  readonly #maybe = new Uint8Array(1 << TABLE_BITS);

  /** Needles of fewer than four bytes are left out: `has` says so. `isLatin1`: they have one character a byte already. */
  constructor(needles: Iterable<readonly [text: string, of: T]>, { isLatin1 = false }: { isLatin1?: boolean } = {}) {
    for (const [text, of] of needles) {
      const folded = fold(isLatin1 ? text : utf8Latin1(text));
      if (folded.length < WINDOW) continue;
      const key = windowAt(folded, 0);
      this.#maybe[slotOf(key)] = 1;
      const lengths = this.#byWindow.get(key) ?? new Map<number, Map<string, T>>();
      this.#byWindow.set(key, lengths);
      const texts = lengths.get(folded.length) ?? new Map<string, T>();
      lengths.set(folded.length, texts);
      if (!texts.has(folded)) texts.set(folded, of);
    }
  }

  get isEmpty(): boolean {
    return this.#byWindow.size === 0;
  }

  /** What occurs in a text of one character a byte, each once. */
  find(text: string): Set<T> {
    const found = new Set<T>();
    for (const { of } of this.places(text)) found.add(of);
    return found;
  }

  /** Every place of a text of one character a byte at which something occurs. */
  *places(text: string): Generator<{ readonly of: T; readonly from: number; readonly to: number }> {
    if (this.isEmpty) return;
    const haystack = fold(text);
    for (let i = 0; i + WINDOW <= haystack.length; i++) {
      const key = windowAt(haystack, i);
      if (this.#maybe[slotOf(key)] === 0) continue;
      for (const [length, texts] of this.#byWindow.get(key) ?? []) {
        const of = texts.get(haystack.slice(i, i + length));
        if (of !== undefined) yield { of, from: i, to: i + length };
      }
    }
  }
}

/** Only ASCII letters: other bytes are parts of characters. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

function windowAt(text: string, i: number): number {
  return (
    ((text.charCodeAt(i) << 24) |
      (text.charCodeAt(i + 1) << 16) |
      (text.charCodeAt(i + 2) << 8) |
      text.charCodeAt(i + 3)) >>>
    0
  );
}

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - TABLE_BITS);
}
