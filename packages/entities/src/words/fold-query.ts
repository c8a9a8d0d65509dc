import { callingCodeLength } from '../checks/calling-codes.ts';
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
/** As many digits behind the area code tell one number from another. */
const FEWEST_APART = 6;
/** Shortest number with its country's code, and shortest word whose `ue` may be an umlaut. */
const FEWEST_WITH_CODE = 9;
const SHORTEST_SPELT = 5;

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
  alternatives = [...alternatives, ...joinedWhole(slots), ...atHome(plain, slots)];
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
      slots.push({ options: [[word], ...numbersLike(word), ...lettersLike(word)] });
      return;
    }
    const words = slots.splice(slots.length - joins).flatMap(({ options }) => options[0] as string[]);
    slots.push({ options: [words, [word], ...numbersLike(word)] });
    joins = 0;
  });
  tokeniser.onJoined = null;
  return slots;
}

/** `te koop` for who looks for `tekoop` or `te-koop`: two or three words alone in a query, written as one. */
function joinedWhole(slots: readonly Slot[]): string[][] {
  const words = slots.map(({ options }) => options[0] as string[]);
  const isPlain =
    words.length > 1 && words.length < 4 && words.every((one) => one.length === 1 && /^[a-z]+$/.test(one[0] as string));
  return isPlain ? [[words.flat().join('')]] : [];
}

/** `+31612345678` with `00` for the plus, and as it is dialled at home: with a zero, or as it stands, instead of the country's code. */
function atHome(text: string, slots: readonly Slot[]): string[][] {
  const [only] = slots;
  if (slots.length !== 1 || only === undefined || !/^\s*(\+|00)/.test(text)) return [];
  const digits = (only.options.at(-1)?.join('') ?? '').replace(/^00/, '');
  if (!/^\d+$/.test(digits) || digits.length < FEWEST_WITH_CODE) return [];
  const code = callingCodeLength(
    Uint8Array.from(digits, (digit) => Number(digit)),
    digits.length,
  );
  if (code === 0) return [];
  const national = digits.slice(code).replace(/^0/, '');
  return [[digits], [`00${digits}`], [`0${national}`], [national], ...numbersLike(`0${national}`)];
}

/** Other ways to write what may be written in two ways: `mueller` for Müller, whose u the index keeps; ه for ة. */
function lettersLike(word: string): string[][] {
  if (/[\u0629\u0647]$/.test(word)) return [[word.slice(0, -1) + (word.endsWith('\u0629') ? '\u0647' : '\u0629')]];
  if (word.length < SHORTEST_SPELT || !/^[a-z]+$/.test(word)) return [];
  const single = word.replace(/(?<=[^aeioq])(a|o|u)e(?=[a-z])/g, '$1');
  return single === word ? [] : [[single]];
}

/** Other ways to write a national telephone number: with its area code apart, or without the zero, as after `+31 (0)`. */
function numbersLike(word: string): string[][] {
  if (!NATIONAL_NUMBER.test(word)) return [];
  const parted = AREA_CODES.filter((size) => word.length - size >= 4).map((size) => [
    word.slice(0, size),
    word.slice(size),
  ]);
  // `+31 6 12345678`: behind the code of the country the zero is left out.
  const abroad = parted
    .filter(([, rest]) => (rest as string).length >= FEWEST_APART)
    .map(([area, rest]) => [(area as string).slice(1), rest as string]);
  return [...parted, [word.slice(1)], ...abroad];
}

function withDigraphs(text: string): string {
  const lower = text.normalize('NFC').toLowerCase();
  let spelled = lower;
  for (const [letters, two] of DIGRAPHS) spelled = spelled.replace(letters, two);
  return spelled === lower ? text : spelled;
}
