import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { LongestName } from './longest-name.ts';
import { LINK_AND, type Meaning } from './meaning.ts';
import { NumberParser } from './number-parser.ts';

const name = new LongestName();
const parser = new NumberParser();

/** What stands after the name of a currency and belongs to the sum. */
export interface Cents {
  /** Hundredths of the unit, or -1 where there are none. */
  hundredths: number;
  end: number;
}

/** Whether the part read last was named as tenths: hundredths may follow. */
let tenthsNamed = false;

const cents: Cents = { hundredths: -1, end: 0 };

/**
 * `3 dollars 50 cents`, `$20 and 43c`, `fünf Euro fünfzig`, `50元6角3分`. `at` is the end of the unit. Without the name
 * of the part, two digits or a spelt number must end there: `20 euro 15 pills` is two things.
 */
export function readCents(scan: Scan, at: number): Cents {
  cents.hundredths = -1;
  cents.end = at;
  let from = at;
  for (let count = 0; count < 2; count++) {
    const part = readPart(scan, from, count > 0);
    if (part < 0) break;
    cents.hundredths = Math.max(cents.hundredths, 0) + part;
    if (!tenthsNamed) break;
    from = cents.end;
  }
  return cents;
}

/** One part: tenths or hundredths. Sets `cents.end`. Returns hundredths, or -1. */
function readPart(scan: Scan, at: number, isSecond: boolean): number {
  const link = linkEnd(scan, at);
  const from = link > 0 ? link : at + (scan.at(at) === 0x20 ? 1 : 0);
  const isDense = scan.at(at - 1) >= 0x80;
  if (from === at && !isDense) return -1;
  const value = numberAt(scan, from);
  if (value < 0) return -1;
  const end = parser.end;
  const scale = partScale(scan, end);
  tenthsNamed = scale === -1;
  if (scale === -2) return value < 100 ? value : -1;
  if (scale === -1) return value < 10 ? value * 10 : -1;
  if (isSecond) return bareAfterTenths(scan, { end, value });
  return mayStandBare(scan, { from, end, linked: link > 0 })
    ? keep(end, isDense && value < 10 && link <= 0 ? value * 10 : value)
    : -1;
}

function keep(end: number, value: number): number {
  cents.end = end;
  return value;
}

/** `five mao five`. */
function bareAfterTenths(scan: Scan, { end, value }: { end: number; value: number }): number {
  return value < 10 && !isAlnum(scan.at(end)) && scan.at(end) !== 0x2c ? keep(end, value) : -1;
}

/** A number below a hundred at `at`, in digits or words; -1 where there is none. Its end is `parser.end`. */
function numberAt(scan: Scan, at: number): number {
  if (isDigit(scan.at(at))) {
    let i = at;
    let value = 0;
    while (isDigit(scan.at(i)) && i - at < 3) value = value * 10 + scan.at(i++) - 0x30;
    if (i - at > 2) return -1;
    parser.end = i;
    return value;
  }
  if (!parser.parse(scan, at) || parser.value > 99 || parser.value % 1 !== 0) return -1;
  return parser.value;
}

/** -2 for cents and the like after the number, -1 for tenths, 0 where neither is named. Sets `cents.end`. */
function partScale(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if ((byte | 32) === 0x63 && !isAlnum(scan.at(at + 1)) && scan.at(at + 1) < 0x80) {
    cents.end = at + 1;
    return -2;
  }
  const gap = byte === 0x20 || byte === 0x2d ? 1 : 0;
  if (!name.find(scan, at + gap)) return 0;
  const scale = (name.meaning as Meaning).currency?.scale ?? 0;
  if (scale !== -2 && scale !== -1) return 0;
  cents.end = name.end;
  return scale;
}

/** `and`, `con`, `又`: where the number after it begins, or -1. */
function linkEnd(scan: Scan, at: number): number {
  const gap = scan.at(at) === 0x20 ? 1 : 0;
  if (scan.at(at + gap) >= 0x80)
    for (const sign of LINKS_WITHOUT_SPACE) if (startsWith(scan, at + gap, sign)) return at + gap + sign.length;
  if (gap === 0) return -1;
  if (isCon(scan, at + 1)) return at + 5;
  if (!name.find(scan, at + 1)) return -1;
  const isLink = ((name.meaning as Meaning).link & LINK_AND) !== 0;
  return isLink && scan.at(name.end) === 0x20 ? name.end + 1 : -1;
}

const encoder = new TextEncoder();
const LINKS_WITHOUT_SPACE = ['و', '又', '零', 'と', '와 ', '과 '].map((sign) => encoder.encode(sign));

function startsWith(scan: Scan, at: number, sign: Uint8Array): boolean {
  for (let k = 0; k < sign.length; k++) if (scan.at(at + k) !== sign[k]) return false;
  return true;
}

/** `con`, `com`: with. */
function isCon(scan: Scan, at: number): boolean {
  return (scan.at(at) | 32) === 0x63 && (scan.at(at + 1) | 32) === 0x6f && scan.at(at + 3) === 0x20;
}

/** Whether a number without a name ends the sum: two digits or words, and nothing after that it could count. */
function mayStandBare(scan: Scan, { from, end, linked }: { from: number; end: number; linked: boolean }): boolean {
  const isDigits = isDigit(scan.at(from));
  const isIdeograph = scan.at(from) >= 0xe3;
  if (scan.at(from) >= 0xea || isMeasured(scan, from, end)) return false;
  if (isDigits && end - from !== 2 && scan.at(from - 1) < 0xe3) return false;
  const after = scan.at(end);
  if (
    isAlnum(after) ||
    after === 0x25 ||
    after === 0x3a ||
    after === 0x2f ||
    after === 0x2d ||
    after === 0x5f ||
    after === 0x24
  )
    return false;
  if ((after === 0x2e || after === 0x2c) && isDigit(scan.at(end + 1))) return false;
  if (after === 0x20) return endsClause(scan, end + 1, linked);
  return isIdeograph || after < 0x80 || after === 0xe3 || (after >= 0xe3 && scan.at(from - 1) >= 0xe3 && linked);
}

/** `80元一粒`, `20块两个`: one or two of what follows, not hundredths. */
function isMeasured(scan: Scan, from: number, end: number): boolean {
  if (end - from !== 3 || scan.at(end) < 0xe4) return false;
  const last = scan.at(from + 2);
  return scan.at(from) === 0xe4 && scan.at(from + 1) === 0xb8 && (last === 0x80 || last === 0xa4);
}

/** What follows is no noun: a verb or conjunction of the usual languages, or nothing. */
function endsClause(scan: Scan, at: number, linked: boolean): boolean {
  const byte = scan.at(at);
  if (byte < 0 || byte === 0x0a || byte === 0x28) return true;
  if (byte < 0x80 && !isAlnum(byte)) return byte !== 0x25 && byte !== 0x24;
  if (isDigit(byte)) return false;
  if (name.find(scan, at)) {
    const meaning = name.meaning as Meaning;
    if (meaning.currency !== null || meaning.power !== null || meaning.mass !== null || meaning.piece !== null)
      return false;
    if (meaning.link !== 0) return true;
  }
  return linked ? isFunctionWord(scan, at) : !countsSomething(scan, at);
}

const FUNCTION_WORDS = new Set(
  (
    'more each per for you is was are at on in if but or so then than they he she we i it to with by from off only total today por pro para ' +
    'voc voce ele ela eles mas se que com no na em pro kan kost maar want voor per als ik je we dan op in nur aber wenn oder für pro ist war ' +
    'il lo gli al alla pour si mais ou chacun chaque por cada si pero para ma per se più og som men för eller om det är die das der le la el los las ' +
    'zum pro stück stuk ogni cada yap ama için dir now cash please plz pls ok thanks only said'
  ).split(' '),
);

/** Beginnings of what a number without a unit counts after a sum: times, dates, people, pieces. */
const COUNTED =
  /^(min|sec|sek|hour|hrs?$|day|week|month|mnth|year|yr|uur|ure|dag|maand|jaar|stun|std|tag|woch|monat|jahr|heur|jour|mois|ans?$|sema|hora|dias?$|mes(es)?$|year|giorn|ore$|mesi|anni|saat|gün|people|pers|pcs|piec|pce|stuk|stk|stü|pieza|peca|pezzi|time|mal$|keer|fois|veces|vezes|volte|kez|x$|gb|mb|km|cm|mm|st$|nd$|rd$|th$|am$|pm$|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|okt|nov|dec|dez|pill|gram|kilo|bag|box|pack|card|ticket|euro|of$|off$)/;

function countsSomething(scan: Scan, at: number): boolean {
  let word = '';
  for (let i = at; i < at + 10 && (isAlnum(scan.at(i)) || scan.at(i) >= 0x80); i++)
    word += String.fromCharCode(scan.at(i) | 32);
  return COUNTED.test(word);
}

function isFunctionWord(scan: Scan, at: number): boolean {
  let word = '';
  for (let i = at; i < at + 10 && isAlnum(scan.at(i)); i++) word += String.fromCharCode(scan.at(i) | 32);
  return FUNCTION_WORDS.has(word);
}
