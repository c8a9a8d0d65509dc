import { NOTHING } from './fold-character.ts';
import type { Pieces } from './pieces.ts';

/** `(at)`, `[dot]`, `[.]` anywhere; ` dot ` between words, and ` at ` where a spelt dot follows. */
const BRACKETED =
  /\s*[[({<]\s*(at|dot|punt|punkt|punto|ponto|point|punct|kropka|точка|arroba|arobase|aapje|małpa|malpa|собака|@|\.)\s*[\])}>]\s*/gi;
const DOT = 'dot|punt|punkt|punto|ponto|point|punct|kropka|nokta|точка';
/** Names of the at sign that are no preposition, so that a host with a plain dot may follow them. */
const AT = 'arroba|arobase|arond|apenstaartje|klammeraffe|chiocciola|małpa|malpa|snabel-?a|собака';
const SPELT = new RegExp(
  `(?<=[a-z0-9]) (?:at|ät|${AT}) (?=[a-z0-9.-]{2,63} (?:${DOT}) [a-z]{2,6}\\b)|` +
    `(?<=[a-z0-9]) (?:${AT}) (?=[a-z0-9-]{2,63}\\.[a-z])|` +
    `(?<=[a-z0-9]) (?:${DOT}) (?=(?:[a-z]{2,3}|info|onion|shop)\\b)`,
  'gi',
);
const IS_AT = new RegExp(`@|at|ät|aapje|${AT}`, 'i');
/** What stands in for a character that is none of UTF-16's units by itself. */
const OTHER = 0xfffc;
/** What may follow `at` in brackets or as a word. */
const AFTER_AT = [0x5d, 0x29, 0x7d, 0x20];
/** By their first three letters: whether one of the words may begin. A hash, so that few others pass. */
const BEGINNING_BITS = 15;
const beginnings = new Uint8Array(1 << BEGINNING_BITS);
for (const word of `${DOT}|${AT}`.split('|'))
  for (const cased of [word, word.toUpperCase()])
    beginnings[beginningOf(cased.charCodeAt(0), cased.charCodeAt(1), cased.charCodeAt(2))] = 1;

function beginningOf(a: number, b: number, c: number): number {
  return Math.imul((foldCase(a) << 20) ^ (foldCase(b) << 10) ^ foldCase(c), 0x9e3779b1) >>> (32 - BEGINNING_BITS);
}

/** Small letters of ASCII and Cyrillic; signs of ASCII fall together with others, which does no harm here. */
function foldCase(point: number): number {
  if (point < 0x80) return point | 32;
  return point >= 0x410 && point <= 0x42f ? point + 32 : point;
}

/** Reads words for `@` and `.`, with their brackets, as the sign; `fold` is the bit noted with it. */
export function readSpeltSigns(pieces: Pieces, fold: number): void {
  if (!mayHoldSign(pieces)) return;
  const kept: number[] = [];
  const units: number[] = [];
  for (let k = 0; k < pieces.count; k++) {
    const point = pieces.points[k] as number;
    if (point === NOTHING) continue;
    kept.push(k);
    units.push(point < 0 || point > 0xffff ? OTHER : point);
  }
  const text = textOf(units);
  for (const pattern of [BRACKETED, SPELT])
    for (const match of text.matchAll(pattern)) replace(pieces, kept, { text: match[0], at: match.index, fold });
}

interface Spelt {
  readonly text: string;
  /** Where it is among the places. */
  readonly at: number;
  readonly fold: number;
}

/** The first of the characters becomes the sign, the others are taken out. */
function replace(pieces: Pieces, places: readonly number[], { text, at, fold }: Spelt): void {
  const first = places[at] as number;
  for (let k = at; k < at + text.length; k++) pieces.points[places[k] as number] = NOTHING;
  pieces.points[first] = IS_AT.test(text) ? 0x40 : 0x2e;
  pieces.ends[first] = pieces.ends[places[at + text.length - 1] as number] as number;
  pieces.folds[first] = (pieces.folds[first] as number) | fold;
}

function textOf(units: readonly number[]): string {
  let text = '';
  for (let from = 0; from < units.length; from += 4096) text += String.fromCharCode(...units.slice(from, from + 4096));
  return text;
}

/** Whether one of the words, or a sign in brackets, can stand in the text: a look without strings. */
function mayHoldSign({ points, count }: Pieces): boolean {
  let a = 0;
  let b = 0;
  for (let k = 0; k < count; k++) {
    const point = points[k] as number;
    if (point === NOTHING) continue;
    if (isBeginning(a, b, point)) return true;
    a = b;
    b = point;
  }
  return false;
}

/** The first three letters of a word; `at` and what follows; two of `[.` or `(@`. */
function isBeginning(a: number, b: number, c: number): boolean {
  if ((c === 0x2e || c === 0x40) && (b === 0x5b || b === 0x28 || b === 0x7b || b === 0x3c)) return true;
  if ((b | 32) === 0x74 && (a | 32) === 0x61 && AFTER_AT.includes(c)) return true;
  return beginnings[beginningOf(a, b, c)] === 1;
}
