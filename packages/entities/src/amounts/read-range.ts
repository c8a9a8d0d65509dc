import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { LongestName } from './longest-name.ts';
import { LINK_AND, LINK_BETWEEN, LINK_TO, type Meaning } from './meaning.ts';
import type { NumberReading } from './number-reading.ts';
import { readDigits, readSpelt } from './read-surroundings.ts';
import type { Surroundings } from './surroundings.ts';

const name = new LongestName();
/** The second number of a range has at most as many digits more than the first. */
const MOST_LONGER = 3;

/** Reads the second number of `10-20k EUR`, `€10-20k` and `from 10 to 20 dollars`. False where the two are no range. */
export function readRange(scan: Scan, first: Surroundings, second: Surroundings): boolean {
  const at = secondStart(scan, first);
  if (at < 0) return false;
  const found = isDigit(scan.at(at)) ? readDigits(scan, at, second) : readSpelt(scan, at, second);
  if (!found || (second.number.digits[0] === 0 && second.number.point > 1)) return false;
  const unit = second.hasAfter ? second.after.meaning : null;
  const named = unit?.currency != null || unit?.mass != null;
  if (!named && (!first.hasBefore || isAlnum(scan.at(second.end)) || scan.at(second.end) === 0x2d)) return false;
  if (!named && isOtherNumber(scan, first, second)) return false;
  const sameScale = first.power === second.power && first.powerAlone === second.powerAlone;
  if (sameScale && !isLess(first.number, second.number)) return false;
  // 500-1k goes from five hundred; 10-20k from ten thousand.
  if (first.power === 0 && second.power > 0 && isLess(first.number, second.number)) {
    first.power = second.power;
    first.powerAlone = second.powerAlone;
  }
  return true;
}

/** `$12.5k to 4111 2225 6079 1863`, `$20 to 5551234567`: what goes on in groups, or is far longer, is no sum. */
function isOtherNumber(scan: Scan, first: Surroundings, second: Surroundings): boolean {
  if (scan.at(second.end) === 0x20 && isDigit(scan.at(second.end + 1))) return true;
  return second.number.point + second.power > first.number.point + Math.max(first.power, second.power) + MOST_LONGER;
}

/** Where the second number begins: after a dash, or after a word where `between` or `from` stands before the first. */
function secondStart(scan: Scan, first: Surroundings): number {
  const at = first.end;
  const gap = scan.at(at) === 0x20 ? 1 : 0;
  const dash = dashAt(scan, at + gap);
  if (dash > 0) {
    const next = at + gap + dash + (scan.at(at + gap + dash) === 0x20 ? 1 : 0);
    return isDigit(scan.at(next)) && (gap === 0 || next > at + gap + dash) ? next : -1;
  }
  if (!name.find(scan, at + gap) || (gap === 0 && scan.at(at) < 0xe2)) return -1;
  const meaning = name.meaning as Meaning;
  const { end } = name;
  if ((meaning.link & LINK_TO) === 0) return -1;
  if ((meaning.link & LINK_AND) !== 0 && !isBetween(scan, first.number.start)) return -1;
  return end + (scan.at(end) === 0x20 ? 1 : 0);
}

/** Whether `between` or `from` stands directly before. */
function isBetween(scan: Scan, at: number): boolean {
  const end = at - 1;
  if (scan.at(end) !== 0x20) return false;
  let start = end;
  while (start > scan.start && end - start < 20 && scan.at(start - 1) > 0x40) start--;
  return name.find(scan, start) && name.end === end && ((name.meaning as Meaning).link & LINK_BETWEEN) !== 0;
}

/** Length of a hyphen, an en dash, a tilde or a full-width tilde. */
function dashAt(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === 0x2d || byte === 0x7e) return 1;
  if (byte === 0xe2 && scan.at(at + 1) === 0x80 && scan.at(at + 2) === 0x93) return 3;
  return (byte === 0xef && scan.at(at + 1) === 0xbd && scan.at(at + 2) === 0x9e) ||
    (byte === 0xe3 && scan.at(at + 1) === 0x80 && scan.at(at + 2) === 0x9c)
    ? 3
    : 0;
}

function isLess(a: NumberReading, b: NumberReading): boolean {
  if (a.point !== b.point) return a.point < b.point;
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    if (a.digits[k] !== b.digits[k]) return (a.digits[k] as number) < (b.digits[k] as number);
  }
  return a.length < b.length;
}
