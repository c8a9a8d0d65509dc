import { byteClass, isDigit, LETTER } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';
import { multiply, putDecimal } from './decimal.ts';
import { LongestName, wordEnd } from './longest-name.ts';
import { LINK_HALF, type Meaning } from './meaning.ts';
import { COMMA_DECIMALS, POINT_DECIMALS } from './money.ts';
import { isMemory } from './no-sum.ts';
import type { Surroundings } from './surroundings.ts';

const MONEY = knownType('money');
const MASS = knownType('mass');
const COUNT = knownType('count');
const name = new LongestName();
const decoder = new TextDecoder();
const PARTICLES = new Set('을를이가은는에만씩도의로과와'.split(''));
const SPACE = 0x20;
/** Between a weight and what is weighed; before what it costs. */
const OF = ['of', 'van', 'von', 'de', 'di'];
const FOR = ['for', 'voor', 'per', 'pour', 'por', 'para', 'za', 'a', 'x'];
/** First letters of kg, oz and lb. */
const TWO_LETTERS = new Set([0x6b, 0x6f, 0x6c]);

/** Reports a mass or a count; as another reading of the sum just reported where it is `besides` money. */
export function reportQuantity(scan: Scan, around: Surroundings, besides: boolean): void {
  const { number, after } = around;
  const mass = after.meaning?.mass ?? null;
  const piece = after.meaning?.piece ?? null;
  if (piece !== null && (isOnePiece(scan, around) || isPartOfKorean(scan, around))) return;
  if ((mass === null && piece === null) || around.doubtfulPower || around.hasBefore) return;
  if (mass !== null && (!isUnit(scan, around) || isOtherKilo(scan, after.end) || isArabicKilometre(scan, after.end)))
    return;
  const end = besides ? after.end : halfAfter(scan, around);
  const isDecimal = number.otherPoint >= 0 && (around.power > 0 || saysDecimal(scan, number.sign));
  const point = isDecimal ? number.otherPoint : number.point;
  putQuantity(scan, around, point);
  if (besides) {
    scan.found.alternative(MASS, TIER_SHAPE);
    return;
  }
  const type = mass === null ? COUNT : MASS;
  scan.found.report(type, TIER_SHAPE, number.start, end);
  const sum = after.meaning?.currency ?? null;
  if (sum !== null && sum.scale === 0 && sum.worth === null) {
    scan.found.begin();
    scan.found.putAscii(`${sum.code} `);
    putDecimal(scan.found, { digits: number.digits, length: number.length, point: number.point + around.power });
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  if (number.otherPoint < 0) return;
  scan.noteLanguage();
  putQuantity(scan, around, point === number.point ? number.otherPoint : number.point);
  scan.found.alternative(type, TIER_SHAPE);
}

/** `80元一粒`: what one costs. */
function isOnePiece(scan: Scan, { number, inWords }: Surroundings): boolean {
  return inWords && number.length === 1 && number.digits[0] === 1 && scan.at(number.start) >= 0xe3;
}

/** 알 and 정 begin many a word: digits stand before them, and nothing but a particle after. */
function isPartOfKorean(scan: Scan, { after, inWords }: Surroundings): boolean {
  if (after.end - after.start !== 3 || scan.at(after.start) < 0xea) return false;
  const next = scan.at(after.end);
  if (inWords) return true;
  return next >= 0xea && next <= 0xed && !PARTICLES.has(decoder.decode(scan.bytes.subarray(after.end, after.end + 3)));
}

/** `dos kilos y medio`: adds the half and returns where it ends. */
function halfAfter(scan: Scan, { number, after, power }: Surroundings): number {
  const { end } = after;
  const isWhole = number.point === number.length && number.otherPoint < 0 && power === 0;
  const gap = scan.at(end) === 0x20 ? 1 : 0;
  if (isWhole && isHalf(scan, end)) {
    number.digits[number.length++] = 5;
    return end + 3;
  }
  if (!isWhole || gap === 0 || number.length >= number.digits.length || !name.find(scan, end + gap)) return end;
  if (((name.meaning as Meaning).link & LINK_HALF) === 0) return end;
  number.digits[number.length++] = 5;
  return name.end;
}

/** 一公斤半. */
function isHalf(scan: Scan, at: number): boolean {
  return scan.at(at) === 0xe5 && scan.at(at + 1) === 0x8d && scan.at(at + 2) === 0x8a;
}

/** Reports the first number of `5-10 kg`, whose unit stands behind the second. */
export function reportFirstOfRange(scan: Scan, first: Surroundings, second: Surroundings): void {
  const mass = second.after.meaning?.mass ?? null;
  if (mass === null || !isUnit(scan, second)) return;
  const { number } = first;
  scan.found.begin();
  putDecimal(
    scan.found,
    multiply({ digits: number.digits, length: number.length, point: number.point + first.power }, mass),
  );
  scan.found.putAscii(' kg');
  scan.found.report(MASS, TIER_SHAPE, number.start, number.end);
}

/** Whether the language of the text writes decimals with this sign: 1.234 kg in English, 1,234 kg in Dutch. */
function saysDecimal(scan: Scan, sign: number): boolean {
  return (sign === 0x2c ? COMMA_DECIMALS : POINT_DECIMALS).has(scan.language());
}

function putQuantity(scan: Scan, { number, after, power }: Surroundings, point: number): void {
  const value = { digits: number.digits, length: number.length, point: point + power };
  const mass = after.meaning?.mass ?? null;
  scan.found.begin();
  putDecimal(scan.found, mass === null ? value : multiply(value, mass));
  scan.found.putAscii(mass === null ? ` ${after.meaning?.piece}` : ' kg');
}

/** كيلو متر. */
function isArabicKilometre(scan: Scan, end: number): boolean {
  return (
    scan.at(end) === SPACE &&
    scan.at(end + 1) === 0xd9 &&
    scan.at(end + 2) === 0x85 &&
    scan.at(end + 3) === 0xd8 &&
    scan.at(end + 4) === 0xaa
  );
}

/** キロメートル and 킬로미터: what goes on in katakana or with 미 and 바 is another unit. */
function isOtherKilo(scan: Scan, end: number): boolean {
  const [first, second, third] = [scan.at(end), scan.at(end + 1), scan.at(end + 2)];
  if (first === 0xe3) return second === 0x83 || (second === 0x82 && third >= 0xa1);
  return (first === 0xeb && second === 0xaf && third === 0xb8) || (first === 0xeb && second === 0xb0 && third === 0x94);
}

/** Units of one letter are units in small letters only, and `3g` to `6g` are telephone networks. */
function isUnit(scan: Scan, around: Surroundings): boolean {
  const { number, after, inWords } = around;
  const length = after.end - after.start;
  if (length > 2) return true;
  // `two kg` and `half an oz`, but not `two g`.
  if (inWords) return length === 2 && TWO_LETTERS.has(scan.at(after.start) | 32);
  if (isMemory(scan, after.end)) return false;
  const first = scan.at(after.start);
  if (first < 0x61 && length === 1) return false;
  if (first === 0x4d) return false;
  const follows = scan.at(after.end);
  if (length === 1 && (follows === 0x27 || follows === 0x2f || (follows === 0x2d && isLetter(scan.at(after.end + 1)))))
    return false;
  const attached = after.start === number.end;
  if (length === 1 && first === 0x74 && (follows === 0x26 || (attached && number.length < 2))) return false;
  if (isWirelessStandard(around)) return false;
  const isNetwork = length === 1 && first === 0x67 && attached && number.length === 1 && number.point === 1;
  return !isNetwork || (number.digits[0] as number) > 6 || isOfSomething(scan, after.end);
}

/** `3g of`, `5g voor 50`, `3g €60`: what follows the letter says that something is weighed. */
function isOfSomething(scan: Scan, end: number): boolean {
  let at = end + 1;
  if (scan.at(end) !== SPACE) return false;
  if (scan.wordBefore(wordEnd(scan, at) + 1, OF)) return scan.at(wordEnd(scan, at) + 1) >= 0x61;
  if (scan.wordBefore(wordEnd(scan, at) + 1, FOR)) at = wordEnd(scan, at) + 1;
  if (!isDigit(scan.at(at))) return name.find(scan, at) && (name.meaning as Meaning).currency !== null;
  while (isDigit(scan.at(at)) || scan.at(at) === 0x2e || scan.at(at) === 0x2c) at++;
  while (name.find(scan, at + (scan.at(at) === SPACE ? 1 : 0))) {
    const { currency, power } = name.meaning as Meaning;
    if (currency !== null) return true;
    if (power === null) return false;
    at = name.end;
  }
  return false;
}

/** IEEE 802.11g. */
function isWirelessStandard({ number }: Surroundings): boolean {
  const { digits, length, point } = number;
  return length === 5 && point === 3 && digits[0] === 8 && digits[1] === 0 && digits[2] === 2 && digits[3] === 1;
}

function isLetter(byte: number): boolean {
  return byte >= 0 && ((byteClass[byte] as number) & LETTER) !== 0;
}
