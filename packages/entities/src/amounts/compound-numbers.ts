import { WordFilter } from '../word-filter.ts';
import { valuesOf } from './amount-lexicon.ts';
import { addPower, addValue, type Parts, totalOf } from './number-parts.ts';
import { numberWords } from './number-words.ts';

/** Longer than any number anybody writes as one word. */
const LONGEST = 64;
/** Powers inside one word, in the languages that write numbers as one. */
const POWERS: Readonly<Record<string, number>> = {
  ...{ hundert: 2, tausend: 3, millionen: 6, honderd: 2, duizend: 3, hundra: 2, tusen: 3, cento: 2, mila: 3, mille: 3 },
  ...{ yüz: 2, yuz: 2, bin: 3, milyon: 6, hundre: 2, hundrede: 2 },
};
/** `twaalfenhalf`, `zweieinhalb`: the longest first. */
const HALVES = [
  'eneenhalf',
  'eneenhalve',
  'ëneenhalf',
  'ëneenhalve',
  'enhalf',
  'enhalve',
  'ënhalf',
  'ënhalve',
  'undeinhalb',
  'einhalb',
];
const COMPOUNDING = ['de', 'nl', 'sv', 'it', 'tr', 'nb'];

interface Morpheme {
  readonly text: string;
  /** Value, power (negative: minus the exponent) or null for what only joins. */
  readonly value: number | null;
}

let morphemes: Map<string, readonly Morpheme[]> | null = null;

let starts: WordFilter | null = null;

/** Whether a number written as one word may begin with the six bytes at `at`. */
export function beginsCompound(bytes: Uint8Array, at: number): boolean {
  starts ??= new WordFilter(compoundStarts());
  return starts.mayBeginLong(bytes, at);
}

/** Parts of numbers that a longer word may begin with; short ones with every part that may follow them. */
export function compoundStarts(): readonly string[] {
  if (allStarts !== null) return allStarts;
  morphemes ??= morphemesByStart();
  const all = [...morphemes.values()].flat();
  const first = all.filter(({ value }) => value !== null);
  allStarts = first.flatMap((one) => (one.text.length < 4 ? followed(one, all) : [one.text]));
  return allStarts;
}

let allStarts: readonly string[] | null = null;

function followed(first: Morpheme, all: readonly Morpheme[]): string[] {
  const endings = [...all.filter((next) => fits(next, addTo([], first))).map(({ text }) => text), ...HALVES];
  return endings.map((ending) => first.text + ending);
}

/** Whether `next` may follow what was read; what only joins always may. */
function fits({ value }: Morpheme, parts: Parts): boolean {
  return value === null || (value < 0 ? addPower(parts, -value) : addValue(parts, value, true));
}

function addTo(parts: Parts, morpheme: Morpheme): Parts {
  fits(morpheme, parts);
  return parts;
}

/** The value of a number written as one word (`zweihundertfünfzig`), or -1. `word` is in small letters. */
export function compoundValue(word: string): number {
  if (word.length > LONGEST) return -1;
  const first = word.slice(0, 2);
  morphemes ??= morphemesByStart();
  if (!morphemes.has(first)) return -1;
  const half = HALVES.find((ending) => word.endsWith(ending));
  const parts: Parts = [];
  if (!split(half === undefined ? word : word.slice(0, -half.length), 0, parts)) return -1;
  return totalOf(parts) + (half === undefined ? 0 : 0.5);
}

/** Longest part first; the parts must fit each other, which leaves next to nothing to try twice. */
function split(word: string, at: number, parts: Parts): boolean {
  if (at === word.length) return true;
  const list = morphemes?.get(word.slice(at, at + 2)) ?? [];
  for (const { text, value } of list) {
    if (!word.startsWith(text, at)) continue;
    const before = [...parts];
    const isJoint = value === null && at > 0 && at + text.length < word.length;
    const fits = value === null ? isJoint : value < 0 ? addPower(parts, -value) : addValue(parts, value, true);
    if (fits && split(word, at + text.length, parts)) return true;
    parts.splice(0, parts.length, ...before);
  }
  return false;
}

function morphemesByStart(): Map<string, readonly Morpheme[]> {
  const all = new Map<string, number | null>();
  for (const lang of COMPOUNDING) {
    const words = numberWords[lang];
    if (words === undefined) continue;
    for (const [text, value] of valuesOf(words)) if (text.length > 1) all.set(text, value);
    for (const text of (words.glue ?? '').split(' ')) if (text !== '') all.set(text, null);
  }
  for (const [text, power] of Object.entries(POWERS)) all.set(text, -power);
  // German and Dutch say one as `ein`, `een`; Italian drops the vowel before `uno` and `otto`.
  for (const text of ['ein', 'een', 'één', 'ett', 'un']) all.set(text, 1);
  const list = [...all].map(([text, value]) => ({ text, value })).sort((a, b) => b.text.length - a.text.length);
  return Map.groupBy(list, ({ text }) => text.slice(0, 2));
}
