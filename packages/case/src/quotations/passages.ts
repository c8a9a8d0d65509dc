import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { decodings, foldLetters, latin1Of, TextSearch, textOfLatin1, utf8Latin1 } from '@custody/exhibit';
import { EXPUNGED_WORDS } from './event-texts.ts';
import type { StatedValues } from './stated-values.ts';

/** A stretch of so many bytes in common is a quotation; shorter ones occur by chance. */
const RUN = 16;
/** Shorter values (identifiers, names of files) are looked for whole. */
const VALUE_MIN = 8;
/** A term of a query, or anything else that is no sentence, is looked for in what is destroyed from this length on. */
const TERM_MIN = 4;
const TABLE_BITS = 24;

/** What somebody typed into an event; `isTerm` for what is no sentence: words asked for, a name, a value. */
export interface TypedText {
  readonly text: string;
  readonly isTerm: boolean;
}

/**
 * Words that events and destroyed content have in common. Content is handed in once (`take`), then what stays (`keep`): words that a
 * surviving leaf holds, too, are not the destroyed one's alone. Letters of ASCII count alike in both cases.
 */
export class Passages {
  readonly #table = new Uint8Array(1 << (TABLE_BITS - 3));
  readonly #terms: TextSearch<string>;
  readonly #found = new Set<string>();
  readonly #kept = new Set<string>();
  #search: TextSearch<string> | null = null;

  constructor(texts: readonly TypedText[]) {
    const terms: string[] = [];
    for (const { text, isTerm } of texts) {
      const bytes = utf8Encode(text);
      const letters = lettersOf(latin1Of(bytes));
      if (isTerm && bytes.length >= TERM_MIN) terms.push(latin1Of(utf8Encode(text.trim())), letters.trim());
      for (const { text: view } of decodings(bytes)) this.#mark(fold(view));
      this.#mark(letters);
    }
    this.#terms = searchFor(terms);
  }

  /** True where nothing was found in common: then nothing has to be kept either. */
  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  /** A value that is destroyed, one character a byte. */
  take(content: string): void {
    const letters = lettersOf(content);
    this.#take(content);
    if (letters !== fold(content)) this.#take(letters);
  }

  #take(content: string): void {
    for (const term of this.#terms.find(content)) this.#found.add(term);
    const folded = fold(content);
    for (let i = 0; i + RUN <= folded.length; i++)
      if (this.#has(hashAt(folded, i, RUN))) this.#found.add(folded.slice(i, i + RUN));
    if (folded.length >= VALUE_MIN && folded.length < RUN && this.#has(hashAt(folded, 0, VALUE_MIN)))
      this.#found.add(folded);
  }

  /** Content that stays, one character a byte. */
  keep(content: string): void {
    this.#search ??= searchFor(this.#found);
    for (const view of new Set([content, lettersOf(content)]))
      for (const passage of this.#search.find(view)) this.#kept.add(passage);
  }

  /** What is in common with destroyed content and with nothing that stays, for `without`; and what stays, too. */
  sort(): { readonly gone: TextSearch<string>; readonly kept: TextSearch<string> } {
    return {
      gone: searchFor([...this.#found].filter((one) => !this.#kept.has(one))),
      kept: searchFor([...this.#kept].filter((one) => one.length >= RUN)),
    };
  }

  #mark(folded: string): void {
    for (let i = 0; i + VALUE_MIN <= folded.length; i++) this.#set(hashAt(folded, i, VALUE_MIN));
    for (let i = 0; i + RUN <= folded.length; i++) this.#set(hashAt(folded, i, RUN));
  }

  #set(slot: number): void {
    this.#table[slot >>> 3] = (this.#table[slot >>> 3] as number) | (1 << (slot & 7));
  }

  #has(slot: number): boolean {
    return ((this.#table[slot >>> 3] as number) & (1 << (slot & 7))) !== 0;
  }
}

/** What is looked for in the words of events: passages, and values in whatever form. */
export interface CommonWords {
  /** In common with what is destroyed and with nothing that stays. */
  readonly gone: TextSearch<string>;
  /** In common with both. */
  readonly kept: TextSearch<string>;
  readonly values: StatedValues;
}

/**
 * A text without what goes; the whole goes where that stands in an encoding, in other letters (accents, width), or makes
 * up the text.
 */
export function without(text: string, { gone, values }: CommonWords): string {
  const stated = values.placesIn(text);
  if (gone.isEmpty && stated.length === 0) return text;
  const bytes = utf8Encode(text);
  for (const { name, text: view } of decodings(bytes))
    if (name !== 'plain' && gone.find(view).size > 0) return EXPUNGED_WORDS;
  const plain = latin1Of(bytes);
  const out: string[] = [];
  let at = 0;
  for (const [from, to] of joined([...gone.places(plain), ...stated], plain)) {
    out.push(plain.slice(at, from), EXPUNGED_WORDS);
    at = to;
  }
  const rest = out.join('') + plain.slice(at);
  if (gone.find(lettersOf(rest)).size > 0) return EXPUNGED_WORDS;
  return at === 0 ? text : asText(rest);
}

/** True where a text holds what stays as well as what goes. */
export function holdsKept(text: string, { kept, values }: CommonWords): boolean {
  const plain = latin1Of(utf8Encode(text));
  return kept.find(plain).size > 0 || kept.find(lettersOf(plain)).size > 0 || values.holdsKept(text);
}

/** Overlapping places as one, at borders of characters. */
function joined(
  places: Iterable<{ readonly from: number; readonly to: number }>,
  plain: string,
): (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const place of [...places].sort((a, b) => a.from - b.from)) {
    let { from, to } = place;
    while (from > 0 && isWithin(plain, from)) from--;
    while (to < plain.length && isWithin(plain, to)) to++;
    const last = out.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** A byte of a character that begins before it. */
function isWithin(plain: string, i: number): boolean {
  return (plain.charCodeAt(i) & 0xc0) === 0x80;
}

function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

/** As a person reads it: in one case, without accents, width and doubled spaces; one character a byte. */
function lettersOf(content: string): string {
  const folded = fold(content);
  return /[^ -~]| {2}/.test(folded) ? utf8Latin1(foldLetters(textOfLatin1(folded))) : folded;
}

/** Passages are cut anywhere, also within a character: one character a byte. */
function searchFor(passages: Iterable<string>): TextSearch<string> {
  return new TextSearch(
    [...passages].map((one) => [one, one] as const),
    { isLatin1: true },
  );
}

function asText(latin1: string): string {
  return utf8DecodeLossy(Uint8Array.from(latin1, (char) => char.charCodeAt(0)));
}

/** FNV-1a over `length` characters. */
function hashAt(text: string, at: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = at; i < at + length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & ((1 << TABLE_BITS) - 1);
}
