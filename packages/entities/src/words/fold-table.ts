/** What a character does in a text that is cut into words. */
export const SEPARATOR = 1;
/** Part of a word; `FoldTable.bytes` holds what it is folded to. */
export const WORD = 2;
/** Neither in a word nor between words: marks and invisible characters. */
export const SKIP = 3;
/** A character of a script written without spaces: indexed in pairs. */
export const PAIR = 4;
export type CharacterKind = 0 | 1 | 2 | 3 | 4;

/** Letters that have no decomposition, as people type them on a keyboard without them. */
const TYPED_AS: Readonly<Record<string, string>> = {
  ı: 'i',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ŋ: 'n',
  ſ: 's',
  ς: 'σ',
  ə: 'e',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ĸ: 'k',
  ŀ: 'l',
  ŉ: 'n',
  ї: 'и',
  ґ: 'г',
  ё: 'е',
  й: 'и',
};

/** Marks that readers and keyboards leave out: Latin, Hebrew, Arabic. The vowel signs of Indic scripts stay. */
const OMITTED_MARKS: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x0591, 0x05c7],
  [0x0610, 0x061a],
  [0x0640, 0x0640],
  [0x064b, 0x065f],
  [0x0670, 0x0670],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe20, 0xfe2f],
];
/** Variation selectors, and what Unicode calls format characters: zero width, direction, soft hyphen. */
const VARIATION_SELECTORS: readonly [number, number] = [0xfe00, 0xfe0f];
const FORMAT_CHARACTER = /^\p{Cf}$/u;
const WORD_CHARACTER = /^[\p{L}\p{N}\p{M}]$/u;
const DECIMAL_DIGIT = /^\p{Nd}$/u;
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]$/u;
const HANGUL = /^\p{Script=Hangul}$/u;

const encoder = new TextEncoder();
const BASIC_PLANE = 0x10000;

/**
 * What each character of Unicode is folded to, worked out when it is first met. Rules, in order: native digits become
 * ASCII; compatibility forms (full width, ligatures) become their plain letters; lower case; marks that people leave
 * out are dropped; letters without a decomposition become what people type instead.
 */
export class FoldTable {
  /** Kinds of the basic plane; 0 where not yet worked out. */
  readonly #kinds = new Uint8Array(BASIC_PLANE);
  readonly #starts = new Uint32Array(BASIC_PLANE);
  readonly #lengths = new Uint8Array(BASIC_PLANE);
  readonly #rare = new Map<number, { kind: CharacterKind; start: number; length: number }>();
  /** Folded characters end to end, in UTF-8. */
  bytes: Uint8Array = new Uint8Array(4096);
  #used = 0;
  /** Where the character asked for last is folded to in `bytes`. */
  start = 0;
  length = 0;

  /** The kind of a code point; sets `start` and `length`. */
  look(point: number): CharacterKind {
    if (point >= BASIC_PLANE) return this.#lookRare(point);
    if (this.#kinds[point] === 0) this.#learn(point);
    this.start = this.#starts[point] as number;
    this.length = this.#lengths[point] as number;
    return this.#kinds[point] as CharacterKind;
  }

  #lookRare(point: number): CharacterKind {
    let entry = this.#rare.get(point);
    if (entry === undefined) {
      entry = { kind: this.#work(point), start: this.start, length: this.length };
      this.#rare.set(point, entry);
    }
    this.start = entry.start;
    this.length = entry.length;
    return entry.kind;
  }

  #learn(point: number): void {
    this.#kinds[point] = this.#work(point);
    this.#starts[point] = this.start;
    this.#lengths[point] = this.length;
  }

  #work(point: number): CharacterKind {
    const char = String.fromCodePoint(point);
    this.start = this.#used;
    this.length = 0;
    if (isOmittedMark(point) || isInvisible(point, char)) return SKIP;
    if (!WORD_CHARACTER.test(char)) return SEPARATOR;
    const folded = foldCharacter(char);
    if (folded === '') return SKIP;
    this.#append(encoder.encode(folded));
    return UNSPACED.test(folded[0] as string) ? PAIR : WORD;
  }

  #append(folded: Uint8Array): void {
    while (this.#used + folded.length > this.bytes.length) {
      const bigger = new Uint8Array(this.bytes.length * 2);
      bigger.set(this.bytes);
      this.bytes = bigger;
    }
    this.bytes.set(folded, this.#used);
    this.length = folded.length;
    this.#used += folded.length;
  }
}

/** Whether a folded word is one character of a script written without spaces: texts hold such characters in pairs. */
export function isLoneUnspaced(word: string): boolean {
  return [...word].length === 1 && UNSPACED.test(word);
}

function isOmittedMark(point: number): boolean {
  return OMITTED_MARKS.some(([first, last]) => point >= first && point <= last);
}

function isInvisible(point: number, char: string): boolean {
  return (point >= VARIATION_SELECTORS[0] && point <= VARIATION_SELECTORS[1]) || FORMAT_CHARACTER.test(char);
}

function foldCharacter(char: string): string {
  if (DECIMAL_DIGIT.test(char)) return String(digitValue(char.codePointAt(0) as number));
  if (HANGUL.test(char)) return char.normalize('NFKC');
  let folded = '';
  for (const part of char.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (isOmittedMark(part.codePointAt(0) as number) || !WORD_CHARACTER.test(part)) continue;
    folded += TYPED_AS[part] ?? part;
  }
  return folded;
}

/** Decimal digits stand in blocks of ten from zero to nine (Unicode 4.6). */
function digitValue(point: number): number {
  let zero = point;
  while (DECIMAL_DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
  return (point - zero) % 10;
}
