import { foldCharacter } from './fold-character.ts';
import { isLeetRun, leetDigits } from './leet.ts';

/** What was done to a text before it was read, one bit each; the names stand in mentions. */
export const foldNames: readonly string[] = [
  'full-width',
  'native-digits',
  'invisible',
  'homoglyph',
  'styled',
  'spaced',
  'spelt-sign',
  'leet',
];
const FOLD_STYLED = 1 << 4;
export const FOLD_SPACED: number = 1 << 5;
export const FOLD_SPELT: number = 1 << 6;
export const FOLD_LEET: number = 1 << 7;

/** A text read in plainer signs, with the place of every byte in the text as given. */
export interface FoldedText {
  readonly bytes: Uint8Array;
  /** Start and end in the text as given of the character each byte is part of. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Bits of what was done to the character. */
  readonly folds: Uint8Array;
}

/** Texts beyond this are read as they stand: what hides in a message is short. */
const LONGEST = 1 << 20;

interface Piece {
  text: string;
  start: number;
  end: number;
  fold: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Folds `bytes[start..end)`; null where nothing was to fold, or the text is no valid UTF-8 or too long. */
export function foldText(bytes: Uint8Array, start: number, end: number): FoldedText | null {
  if (end - start > LONGEST) return null;
  let text: string;
  try {
    text = decoder.decode(bytes.subarray(start, end));
  } catch {
    return null;
  }
  const pieces = foldCharacters(text, start);
  readLeet(pieces);
  joinSpaced(pieces);
  readSpeltSigns(pieces);
  return pieces.some((piece) => piece.fold > 0) ? encoded(pieces) : null;
}

function foldCharacters(text: string, start: number): Piece[] {
  const characters = [...text];
  const pieces: Piece[] = [];
  let at = start;
  let pending = 0;
  characters.forEach((character, k) => {
    const size = utf8Length(character.codePointAt(0) as number);
    const near = isPlain(characters[k - 1]) || isPlain(characters[k + 1]);
    const { text: plain, fold } = foldFraction(character, characters[k - 1]) ?? foldCharacter(character, near);
    if (plain === '') pending |= fold;
    else {
      pieces.push({ text: plain, start: at, end: at + size, fold: fold | pending });
      pending = 0;
    }
    at += size;
  });
  return pieces;
}

const FRACTIONS: Readonly<Record<string, string>> = { '½': '.5', '¼': '.25', '¾': '.75' };

/** `½` and `2½` as decimals. */
function foldFraction(character: string, before: string | undefined): { text: string; fold: number } | null {
  const decimals = FRACTIONS[character];
  if (decimals === undefined) return null;
  const isPart = before !== undefined && before >= '0' && before <= '9';
  return { text: isPart ? decimals : `0${decimals}`, fold: FOLD_STYLED };
}

function isPlain(character: string | undefined): boolean {
  return character !== undefined && /^[A-Za-z0-9@._-]$/.test(character);
}

/** Letters for digits in runs that are digits otherwise. */
function readLeet(pieces: readonly Piece[]): void {
  for (let i = 0; i < pieces.length; i++) {
    if (!isAlnumPiece(pieces[i]) || isAlnumPiece(pieces[i - 1])) continue;
    let end = i + 1;
    while (isAlnumPiece(pieces[end])) end++;
    const run = pieces.slice(i, end);
    if (isLeetRun(run.map(({ text }) => text).join('')))
      for (const piece of run) {
        const digit = leetDigits[piece.text];
        if (digit === undefined) continue;
        piece.text = digit;
        piece.fold |= FOLD_LEET;
      }
    i = end;
  }
}

function isAlnumPiece(piece: Piece | undefined): boolean {
  return piece !== undefined && piece.text.length === 1 && /[A-Za-z0-9]/.test(piece.text);
}

/** Fewest digits, each by itself, that are one number written apart. */
const FEWEST_APART = 7;

/** `0 6 1 2 3 4 5 6 7 8`: the same sign between single digits is taken out. */
function joinSpaced(pieces: Piece[]): void {
  for (let i = 0; i < pieces.length; i++) {
    const sign = pieces[i + 1]?.text ?? '';
    if (!isDigit(pieces[i]) || !/^[ .\-_*·]$/.test(sign) || isDigit(pieces[i - 1])) continue;
    let last = i;
    while (pieces[last + 1]?.text === sign && isDigit(pieces[last + 2]) && !isDigit(pieces[last + 3])) last += 2;
    if (last - i < (FEWEST_APART - 1) * 2) continue;
    for (let k = i; k <= last; k += 2) (pieces[k] as Piece).fold |= FOLD_SPACED;
    for (let k = i + 1; k < last; k += 2) (pieces[k] as Piece).text = '';
    i = last;
  }
}

function isDigit(piece: Piece | undefined): boolean {
  return piece !== undefined && piece.text >= '0' && piece.text <= '9' && piece.text.length === 1;
}

/** `(at)`, `[dot]`, `[.]` anywhere; ` dot ` between words, and ` at ` where a spelt dot follows. */
const BRACKETED =
  /\s*[[({<]\s*(at|dot|punt|punkt|punto|ponto|point|punct|kropka|точка|arroba|arobase|aapje|małpa|malpa|собака|@|\.)\s*[\])}>]\s*/gi;
const DOT = 'dot|punt|punkt|punto|ponto|point|punct|kropka|nokta|точка';
/** Names of the at sign that are no preposition, so that a host with a plain dot may follow them. */
const AT = 'arroba|arobase|arond|apenstaartje|klammeraffe|chiocciola|ma[łl]pa|snabel-?a|собака';
const SPELT = new RegExp(
  `(?<=[a-z0-9]) (?:at|ät|${AT}) (?=[a-z0-9.-]{2,63} (?:${DOT}) [a-z]{2,6}\\b)|` +
    `(?<=[a-z0-9]) (?:${AT}) (?=[a-z0-9-]{2,63}\\.[a-z])|` +
    `(?<=[a-z0-9]) (?:${DOT}) (?=(?:[a-z]{2,3}|info|onion|shop)\\b)`,
  'gi',
);
const SAYS_SIGN = new RegExp(`${DOT}|at[\\])} ]|${AT}|[[({<][.@]`, 'i');
const IS_AT = new RegExp(`@|at|ät|aapje|${AT}`, 'i');

function readSpeltSigns(pieces: Piece[]): void {
  const text = pieces
    .map((piece) => (piece.text.length === 1 ? piece.text : piece.text === '' ? '' : '\ufffc'))
    .join('');
  if (!SAYS_SIGN.test(text)) return;
  const kept = pieces.filter((piece) => piece.text !== '');
  for (const pattern of [BRACKETED, SPELT]) {
    for (const match of text.matchAll(pattern)) {
      const sign = IS_AT.test(match[0]) ? '@' : '.';
      for (let k = match.index; k < match.index + match[0].length; k++) (kept[k] as Piece).text = '';
      const first = kept[match.index] as Piece;
      first.text = sign;
      first.end = (kept[match.index + match[0].length - 1] as Piece).end;
      first.fold |= FOLD_SPELT;
    }
  }
}

function encoded(pieces: readonly Piece[]): FoldedText {
  const parts = pieces
    .filter((piece) => piece.text !== '')
    .map((piece) => ({ piece, bytes: encoder.encode(piece.text) }));
  const length = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  const folded = {
    bytes: new Uint8Array(length),
    starts: new Uint32Array(length),
    ends: new Uint32Array(length),
    folds: new Uint8Array(length),
  };
  let at = 0;
  for (const { piece, bytes } of parts) {
    folded.bytes.set(bytes, at);
    folded.starts.fill(piece.start, at, at + bytes.length);
    folded.ends.fill(piece.end, at, at + bytes.length);
    folded.folds.fill(piece.fold, at, at + bytes.length);
    at += bytes.length;
  }
  return folded;
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
