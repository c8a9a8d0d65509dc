import { isAlnum, isDigit } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_HIGH, SIDE_HYPHEN, SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';

const PLATE = knownType('plate');
/** GA 36-2018: the one character of the province, then the letter of the city. */
const PROVINCES: ReadonlySet<number> = new Set(
  Array.from('京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼', (one) => one.codePointAt(0) ?? 0),
);
const FEWEST = 5;
/** Five, and six of cars without an engine. */
const MOST = 6;
const MIDDLE_DOT = [0xc2, 0xb7];

/** Chinese plates: `京A12345`, `粤B·D12345`. The value is written without the dot. */
export const chinesePlate: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: FEWEST,
  maxLength: MOST + 1,
  mayStand({ isDigits, before }) {
    return before === SIDE_HIGH || (isDigits && (before === SIDE_SPACE || before === SIDE_HYPHEN));
  },
  match(scan) {
    const size = scan.runEnd - scan.runStart;
    const apart = size <= MOST ? cityBefore(scan) : -1;
    const city = apart >= 0 ? apart : scan.runStart;
    if (apart < 0 && (size <= FEWEST || isDigit(scan.at(city)))) return;
    const start = city - 3;
    if (!isCapital(scan.at(city)) || start < scan.start || !PROVINCES.has(ideographAt(scan, start))) return;
    scan.found.begin();
    for (let i = start; i <= city; i++) scan.found.put(scan.at(i));
    for (let i = apart >= 0 ? scan.runStart : city + 1; i < scan.runEnd; i++) {
      if (!isDigit(scan.at(i)) && !isCapital(scan.at(i))) return;
      scan.found.put(scan.at(i));
    }
    scan.found.report(PLATE, TIER_SHAPE, start, scan.runEnd);
  },
};

/** Offset of the letter that a dot, a space or a hyphen parts from the run, or -1. */
function cityBefore(scan: Scan): number {
  const { runStart } = scan;
  const isDot = scan.at(runStart - 1) === MIDDLE_DOT[1] && scan.at(runStart - 2) === MIDDLE_DOT[0];
  const sign = scan.at(runStart - 1);
  const city = isDot ? runStart - 3 : sign === 0x20 || sign === 0x2d ? runStart - 2 : -1;
  return city >= 0 && isCapital(scan.at(city)) && !isAlnum(scan.at(city - 1)) ? city : -1;
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function ideographAt(scan: Scan, at: number): number {
  const lead = scan.at(at);
  if (lead < 0xe4 || lead > 0xe9) return -1;
  return ((lead & 0x0f) << 12) | ((scan.at(at + 1) & 0x3f) << 6) | (scan.at(at + 2) & 0x3f);
}
