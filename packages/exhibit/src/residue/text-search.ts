import { utf8Latin1 } from './decodings.ts';

/** Characters of a needle by which a place is looked up before the whole is compared. */
const WINDOW = 4;
const TABLE_BITS = 20;

/** Many texts searched for at once, ASCII case aside, in time that hardly depends on how many there are. */
export class TextSearch<T> {
  readonly #byWindow = new Map<number, { readonly folded: string; readonly of: T }[]>();
  readonly #maybe = new Uint8Array(1 << TABLE_BITS);

  /** Needles of fewer than four bytes are left out: `has` says so. `isLatin1`: they have one character a byte already. */
  constructor(needles: Iterable<readonly [text: string, of: T]>, { isLatin1 = false }: { isLatin1?: boolean } = {}) {
    for (const [text, of] of needles) {
      const folded = fold(isLatin1 ? text : utf8Latin1(text));
      if (folded.length < WINDOW) continue;
      const key = windowAt(folded, 0);
      this.#maybe[slotOf(key)] = 1;
      const known = this.#byWindow.get(key);
      if (known === undefined) this.#byWindow.set(key, [{ folded, of }]);
      else if (!known.some((one) => one.folded === folded)) known.push({ folded, of });
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
      for (const { folded, of } of this.#byWindow.get(key) ?? [])
        if (haystack.startsWith(folded, i)) yield { of, from: i, to: i + folded.length };
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
