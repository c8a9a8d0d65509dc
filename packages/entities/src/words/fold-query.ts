import { Tokeniser } from './tokeniser.ts';

/** A query with many compounds is not spelled out in every combination. */
const MOST_ALTERNATIVES = 16;

const tokeniser = new Tokeniser();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Signs that people and programs put for a hyphen or a space; the index knows fewer of them. */
const HYPHENS = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

/** Letters that are also written with two: `ü` as `ue`. The fold leaves one (`u`), so both are asked for. */
const DIGRAPHS: readonly (readonly [RegExp, string])[] = [
  [/[äæ]/g, 'ae'],
  [/[öøœ]/g, 'oe'],
  [/ü/g, 'ue'],
  [/å/g, 'aa'],
];

/** A telephone number as dialled at home: a zero, then at least this many digits. */
const NATIONAL_NUMBER = /^0[1-9]\d{6,13}$/;
/** Digits of an area code with its zero: `(06) 12345678`, `(030) 23125001`, `(02041) 12345`. */
const AREA_CODES = [2, 3, 4, 5];

/**
 * The words a text is looked up by, folded as the index folds them: a list of alternatives, each a list of words that
 * must all occur. `06-12345678` gives first `['06', '12345678']`, then `['0612345678']`, then other ways to part a
 * telephone number. Empty where the text has no words.
 */
export function foldQuery(text: string): string[][] {
  const plain = text.replace(HYPHENS, '-').replace(SPACES, ' ');
  const slots = readSlots(plain);
  if (slots.length === 0) return [];
  let alternatives: string[][] = [[]];
  for (const { options } of slots) {
    const [first] = options as [string[]];
    const grown = alternatives.flatMap((words) => options.map((option) => [...words, ...option]));
    alternatives = grown.length <= MOST_ALTERNATIVES ? grown : alternatives.map((words) => [...words, ...first]);
  }
  const spelled = withDigraphs(plain);
  return spelled === plain ? alternatives : [...alternatives, ...foldQuery(spelled)].slice(0, 2 * MOST_ALTERNATIVES);
}

interface Slot {
  /** Ways to write what stands here, each as its words; the first as it was typed. */
  readonly options: readonly string[][];
}

/** Words in order; those of a compound stand in one slot with its joined form. */
function readSlots(text: string): Slot[] {
  const slots: Slot[] = [];
  const bytes = encoder.encode(text);
  let joins = 0;
  tokeniser.onJoined = (parts) => {
    joins = parts;
  };
  tokeniser.tokenise(bytes, 0, bytes.length, (start, length) => {
    const word = decoder.decode(tokeniser.arena.subarray(start, start + length));
    if (joins === 0) {
      slots.push({ options: [[word], ...numbersLike(word)] });
      return;
    }
    const words = slots.splice(slots.length - joins).flatMap(({ options }) => options[0] as string[]);
    slots.push({ options: [words, [word], ...numbersLike(word)] });
    joins = 0;
  });
  tokeniser.onJoined = null;
  return slots;
}

/** Other ways to write a national telephone number: with its area code apart, or without the zero, as after `+31 (0)`. */
function numbersLike(word: string): string[][] {
  if (!NATIONAL_NUMBER.test(word)) return [];
  const parted = AREA_CODES.filter((size) => word.length - size >= 4).map((size) => [
    word.slice(0, size),
    word.slice(size),
  ]);
  return [...parted, [word.slice(1)]];
}

function withDigraphs(text: string): string {
  const lower = text.normalize('NFC').toLowerCase();
  let spelled = lower;
  for (const [letters, two] of DIGRAPHS) spelled = spelled.replace(letters, two);
  return spelled === lower ? text : spelled;
}
