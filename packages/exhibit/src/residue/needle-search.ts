import { decodings } from './decodings.ts';
import { foldLetters, squash, textOfLatin1 } from './fold-letters.ts';
import { latin1Of, utf8Latin1 } from './latin1.ts';
import { TextSearch } from './text-search.ts';

/** Letters and digits of a value that is looked for however it is spaced; shorter ones occur so by chance (12:34 …). */
export const SQUASHED_MIN = 7;
/** Longer ones are not looked for backwards. */
const TURNED_MAX = 100;
const LATIN1 = { isLatin1: true } as const;

/** Texts looked for in bytes in every encoding and writing that `decodings` and `foldLetters` undo. */
export class NeedleSearch<T extends { readonly text: string }> {
  readonly #exact: TextSearch<T>;
  readonly #squashed: TextSearch<T>;

  constructor(needles: Iterable<T>) {
    const all = [...needles];
    this.#exact = new TextSearch(
      all.flatMap((one) => writings(one.text).map((text) => [text, one] as const)),
      LATIN1,
    );
    this.#squashed = new TextSearch(
      all.flatMap((one) => {
        const letters = [...squash(foldLetters(one.text))];
        if (letters.length < SQUASHED_MIN) return [];
        const ways = letters.length > TURNED_MAX ? [letters] : [letters, letters.toReversed()];
        return ways.map((way) => [utf8Latin1(way.join('')), one] as const);
      }),
      LATIN1,
    );
  }

  get isEmpty(): boolean {
    return this.#exact.isEmpty;
  }

  /** What occurs in bytes, each once, with the first writing it was found in. */
  find(bytes: Uint8Array): ReadonlyMap<T, string> {
    const found = new Map<T, string>();
    if (this.isEmpty) return found;
    const note = (all: Iterable<T>, encoding: string) => {
      for (const one of all) if (!found.has(one)) found.set(one, encoding);
    };
    for (const { name, text } of decodings(bytes)) {
      note(this.#exact.find(text), name);
      if (isAscii(text)) {
        if (!this.#squashed.isEmpty) note(this.#squashed.find(text.replace(/[^A-Za-z0-9]+/g, '')), `${name}, spaced`);
        if (/\s\s/.test(text)) note(this.#exact.find(text.replace(/\s+/g, ' ')), `${name}, other spaces`);
        continue;
      }
      const folded = foldLetters(textOfLatin1(text));
      note(this.#exact.find(utf8Latin1(folded)), `${name}, other letters`);
      if (!this.#squashed.isEmpty) note(this.#squashed.find(utf8Latin1(squash(folded))), `${name}, spaced`);
    }
    return found;
  }

  /** What stands plainly in bytes. */
  findPlain(bytes: Uint8Array): ReadonlySet<T> {
    return this.#exact.find(latin1Of(bytes));
  }

  /** Places at which something stands plainly in bytes. */
  places(bytes: Uint8Array): Generator<{ readonly of: T; readonly from: number; readonly to: number }> {
    return this.#exact.places(latin1Of(bytes));
  }
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what ASCII has
  return /^[\u0000-\u007f]*$/.test(text);
}

/** A text as bytes, one character each: UTF-8 as it stands and folded, UTF-16 either way, Latin-1. */
function writings(text: string): string[] {
  const utf8 = utf8Latin1(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what Latin-1 has
  const latin1 = /^[\u0000-\u00ff]*$/.test(text) && utf8 !== text ? [text] : [];
  // Two characters of Chinese are four bytes of UTF-16, which may be letters of another word.
  const wide = [wideLatin1(text, 0), wideLatin1(text, 8)].filter((one) => one.length > 4 || !isAscii(one));
  return [...new Set([utf8, utf8Latin1(foldLetters(text)), ...wide, ...latin1])];
}

/** UTF-16; `first`: bits by which the first byte of a unit is shifted, 0 for the low one. */
function wideLatin1(text: string, first: 0 | 8): string {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) >> first;
    bytes[2 * i + 1] = text.charCodeAt(i) >> (8 - first);
  }
  return latin1Of(bytes);
}
