import { isAlnum, isDigit } from '../byte-class.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { SIDE_DOT, SIDE_HYPHEN, SIDE_SLASH } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';

const DATETIME = knownType('datetime');
const DOT = 0x2e;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const LONG_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS = 12;
/** Where the month stands first. */
const MONTH_FIRST = new Set(['US', 'PH', 'FM', 'PW', 'GU', 'PR']);
/** Words after which two figures are a day. */
const ON = (
  'on by until since date dated op vanaf datum am vom zum bis le du au date el dia fecha il dal al data em dia dnia od do pe din ' +
  'me dt tarihi tarih den kl.'
).split(' ');
/** Those after which a point parts day and month; it is the point of decimals elsewhere. */
const ON_WITH_POINT = ['am', 'vom', 'zum', 'bis', 'dnia', 'pe', 'den'];
/** A time of day behind the two figures. */
const AT =
  /^,? ?(?:om|um|at|@|a las|à|alle|às|as|o|kl\.?|ora|në ora|saat|в|во|vers|rond|gegen|klokken) ?\d{1,2}(?:[:h.]\d{2})?(?![\d/])/iu;
/** Where dates have points; elsewhere `10.12 alle 12.30` are two times. */
const AT_AFTER_POINT = /^,? ?(?:o|в|во|um|kl\.?|ora|saat) ?\d{1,2}(?:[:.]\d{2}| ?uhr)(?![\d/])/iu;
/** Longest of those, in bytes. */
const REACH = 16;
const decoder = new TextDecoder();

/**
 * `on 12/05`, `le 12/05 à 15h`: day and month in figures, where a word before them or a time behind them says that they
 * are no fraction and no score. The value has no year (`--05-12`); the other order is the alternative where it is a day.
 */
export const dayAndMonth: RunRule = {
  shapes: DIGITS,
  minLength: 1,
  maxLength: 2,
  mayStand({ after }) {
    return after === SIDE_SLASH || after === SIDE_HYPHEN || after === SIDE_DOT;
  },
  match(scan) {
    const { runStart, runEnd } = scan;
    const sign = scan.at(runEnd);
    let end = runEnd + 1;
    while (isDigit(scan.at(end)) && end - runEnd < 4) end++;
    const size = end - runEnd - 1;
    if (size < 1 || size > 2 || !isFree(scan, runStart, end)) return;
    const first = numberAt(scan, runStart, runEnd);
    const second = numberAt(scan, runEnd + 1, end);
    const isPadded = size === 2 || first > MONTHS;
    const isSaid = isPadded && scan.wordBefore(runStart, sign === DOT ? ON_WITH_POINT : ON) && !isAlways(first, second);
    // `3-1 at 5` is a score.
    if (!isSaid && ((sign === HYPHEN && !isPadded) || !isTimed(scan, end, sign === DOT))) return;
    const monthFirst = MONTH_FIRST.has(scan.region);
    const [day, month] = monthFirst ? [second, first] : [first, second];
    const isFirst = isDay(day, month);
    const isSwapped = isDay(month, day) && day !== month;
    if (!isFirst && !isSwapped) return;
    put(scan, isFirst ? month : day, isFirst ? day : month);
    scan.found.report(DATETIME, TIER_CONTEXT, runStart, end);
    if (!isFirst || !isSwapped) return;
    put(scan, day, month);
    scan.found.alternative(DATETIME, TIER_CONTEXT);
  },
};

function isFree(scan: Scan, start: number, end: number): boolean {
  const before = scan.at(start - 1);
  if (before === 0x5f || before === 0x23 || before === 0x2b || before === 0x24) return false;
  const joins = before === DOT || before === HYPHEN || before === SLASH || before === 0x2c || before === 0x3a;
  if (joins && isAlnum(scan.at(start - 2))) return false;
  const after = scan.at(end);
  if (after === 0x5f || after === 0x25 || isAlnum(after)) return false;
  const goesOn = after === HYPHEN || after === SLASH || after === DOT || after === 0x2c || after === 0x3a;
  return !(goesOn && isAlnum(scan.at(end + 1)));
}

/** `24/7`. */
function isAlways(first: number, second: number): boolean {
  return first === 24 && second === 7;
}

function isTimed(scan: Scan, end: number, hasPoint: boolean): boolean {
  const after = scan.at(end);
  if (after !== 0x20 && after !== 0x2c) return false;
  const next = after === 0x2c && scan.at(end + 1) === 0x20 ? scan.at(end + 2) : scan.at(end + 1);
  // A word or an at sign begins what is looked for.
  if (next < 0x40 || isDigit(next)) return false;
  return (hasPoint ? AT_AFTER_POINT : AT).test(
    decoder.decode(scan.bytes.subarray(end, Math.min(scan.end, end + REACH))),
  );
}

function numberAt(scan: Scan, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + scan.at(i) - 0x30;
  return value;
}

function isDay(day: number, month: number): boolean {
  return month >= 1 && month <= MONTHS && day >= 1 && day <= (LONG_MONTHS[month - 1] as number);
}

function put(scan: Scan, month: number, day: number): void {
  scan.found.begin();
  scan.found.putAscii(`--${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}
