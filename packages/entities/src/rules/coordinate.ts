import { isAlnum, isDigit } from '../byte-class.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { SIDE_COLON, SIDE_COMMA, SIDE_DOT, SIDE_HYPHEN } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const COORDINATE = knownType('coordinate');
const COMMA = 0x2c;
const DOT = 0x2e;
const MINUS = 0x2d;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
/** Fewer decimals are prices and scores; four are eleven metres. */
const FEWEST_DECIMALS = 3;
/** As many where nothing but a space parts the two, or a comma begins the decimals: fewer are sums and thousands. */
const FEWEST_LOOSE = 4;
const MOST_DECIMALS = 15;

interface Angle {
  start: number;
  end: number;
  decimals: number;
  negative: boolean;
}

const latitude: Angle = { start: 0, end: 0, decimals: 0, negative: false };
const longitude: Angle = { start: 0, end: 0, decimals: 0, negative: false };

/** Latitude and longitude in decimal degrees, parted by a comma or, with more decimals, a space, also with decimal commas, also in `geo:` URIs (RFC 5870) and with N, S, E, W. */
export const coordinate: RunRule = {
  shapes: DIGITS,
  minLength: 1,
  maxLength: 3,
  mayStand({ before, after }) {
    return after === SIDE_DOT || after === SIDE_COMMA || before === SIDE_COLON || before === SIDE_HYPHEN;
  },
  match(scan) {
    const geo = isGeo(scan, scan.runStart) || (scan.at(scan.runStart - 1) === MINUS && isGeo(scan, scan.runStart - 1));
    const mark = scan.at(scan.runEnd);
    if (!geo && mark !== DOT && !(mark === COMMA && hasDecimals(scan, scan.runEnd + 1))) return;
    decimalMark = mark === COMMA && !geo ? COMMA : DOT;
    const start = signStart(scan, scan.runStart);
    if (!geo && !mayBegin(scan, start)) return;
    const middle = readAngle(scan, scan.runStart, { into: latitude, limit: 90, letters: 'ns' });
    if (middle < 0 || (!geo && latitude.decimals < FEWEST_DECIMALS)) return;
    const isLoose = !geo && (decimalMark === COMMA || scan.at(middle) !== COMMA);
    const second = isLoose ? afterGap(scan, middle) : afterComma(scan, middle);
    if (second < 0) return;
    const digits = scan.at(second) === MINUS ? second + 1 : second;
    const end = readAngle(scan, digits, { into: longitude, limit: 180, letters: 'ew' });
    if (end < 0 || (!geo && longitude.decimals < FEWEST_DECIMALS) || isAlnum(scan.at(end))) return;
    if (isLoose && !isPair(scan)) return;
    scan.found.begin();
    put(scan, latitude);
    scan.found.put(COMMA);
    put(scan, longitude);
    scan.found.report(COORDINATE, geo ? TIER_CONTEXT : TIER_SHAPE, geo ? start - 4 : start, end);
  },
};

/** Which sign begins the decimals of the pair that is read. */
let decimalMark = DOT;

function hasDecimals(scan: Scan, at: number): boolean {
  for (let k = 0; k < FEWEST_LOOSE; k++) if (!isDigit(scan.at(at + k))) return false;
  return true;
}

/** `52,3702 4,8952`: as many decimals as a place needs, and one of the two of ten degrees or more: rates are smaller. */
function isPair(scan: Scan): boolean {
  if (latitude.decimals < FEWEST_LOOSE || longitude.decimals < FEWEST_LOOSE) return false;
  const wholeOf = (one: Angle): number => one.end - one.start - one.decimals - 1;
  return (wholeOf(latitude) > 1 || wholeOf(longitude) > 1) && !isDigit(scan.at(longitude.end + 1));
}

/** The second number after a space, a semicolon, a slash or a comma with a space. */
function afterGap(scan: Scan, at: number): number {
  let i = at;
  if (scan.at(i) === 0x20 && (scan.at(i + 1) === SLASH || scan.at(i + 1) === SEMICOLON)) i++;
  const sign = scan.at(i);
  if (sign === SLASH || sign === SEMICOLON || (sign === COMMA && scan.at(i + 1) === 0x20)) i++;
  if (scan.at(i) === 0x20) i++;
  if (i === at) return -1;
  return isDigit(scan.at(i)) || (scan.at(i) === MINUS && isDigit(scan.at(i + 1))) ? i : -1;
}

function isGeo(scan: Scan, at: number): boolean {
  return (
    scan.at(at - 1) === 0x3a &&
    (scan.at(at - 2) | 32) === 0x6f &&
    (scan.at(at - 3) | 32) === 0x65 &&
    (scan.at(at - 4) | 32) === 0x67
  );
}

function signStart(scan: Scan, at: number): number {
  return scan.at(at - 1) === MINUS ? at - 1 : at;
}

function mayBegin(scan: Scan, start: number): boolean {
  const before = scan.at(start - 1);
  return !isAlnum(before) && before !== DOT && before !== COMMA && before !== 0x5f;
}

/** Reads digits, decimals, a degree sign and a letter. Returns the end, or -1. */
function readAngle(
  scan: Scan,
  at: number,
  { into, limit, letters }: { into: Angle; limit: number; letters: string },
): number {
  let i = at;
  let whole = 0;
  while (isDigit(scan.at(i)) && i - at < 4) whole = whole * 10 + scan.at(i++) - 0x30;
  if (i === at || i - at > 3 || whole > limit) return -1;
  into.start = at;
  into.negative = scan.at(at - 1) === MINUS;
  into.decimals = 0;
  if (scan.at(i) === decimalMark && isDigit(scan.at(i + 1))) {
    i++;
    while (isDigit(scan.at(i)) && into.decimals <= MOST_DECIMALS) {
      i++;
      into.decimals++;
    }
  }
  into.end = i;
  if (into.decimals > MOST_DECIMALS || (whole === limit && hasFraction(scan, into))) return -1;
  return hemisphere(scan, i, into, letters);
}

function hasFraction(scan: Scan, angle: Angle): boolean {
  for (let i = angle.end - angle.decimals; i < angle.end; i++) if (scan.at(i) !== 0x30) return true;
  return false;
}

/** `° N`, ` S`: the southern and western halves are negative. */
function hemisphere(scan: Scan, at: number, angle: Angle, letters: string): number {
  let i = at;
  if (scan.at(i) === 0xc2 && scan.at(i + 1) === 0xb0) i += 2;
  const letterAt = scan.at(i) === 0x20 ? i + 1 : i;
  const letter = scan.at(letterAt) | 32;
  const isKnown = letter === letters.charCodeAt(0) || letter === letters.charCodeAt(1);
  if (!isKnown || isAlnum(scan.at(letterAt + 1)) || scan.at(letterAt) < 0) return i;
  const isNegativeHalf = letter === 0x73 || letter === 0x77;
  if (isNegativeHalf) angle.negative = !angle.negative;
  return letterAt + 1;
}

/** Start of the second number, sign included, or -1. */
function afterComma(scan: Scan, at: number): number {
  if (scan.at(at) !== COMMA) return -1;
  const i = scan.at(at + 1) === 0x20 ? at + 2 : at + 1;
  return isDigit(scan.at(i)) || (scan.at(i) === MINUS && isDigit(scan.at(i + 1))) ? i : -1;
}

/** Plain decimal without leading zeros and zeros at the end. */
function put(scan: Scan, angle: Angle): void {
  let { start, end } = angle;
  if (angle.decimals > 0) while (scan.at(end - 1) === 0x30) end--;
  if (scan.at(end - 1) === decimalMark) end--;
  while (scan.at(start) === 0x30 && isDigit(scan.at(start + 1))) start++;
  const isZero = end - start === 1 && scan.at(start) === 0x30;
  if (angle.negative && !isZero) scan.found.put(MINUS);
  for (let i = start; i < end; i++) scan.found.put(scan.bytes[i] === COMMA ? DOT : (scan.bytes[i] as number));
}
