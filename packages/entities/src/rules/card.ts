import { beginsHere, endsHere } from '../checks/boundaries.ts';
import { DigitGroups } from '../checks/digit-groups.ts';
import { luhnHolds } from '../checks/luhn.ts';
import { CUE_CARD } from '../cues.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { SIDE_HYPHEN, SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM, TIER_SHAPE } from '../vocabulary.ts';

const CARD = knownType('card');
const MOST = 19;
/** Maestro's shortest. */
const FEWEST = 12;
/** A subscriber number called so, one in ten of which has a last digit that fits. */
const IMSI_DIGITS = 15;
const IMSI_CUES = ['imsi'];
const groups = new DigitGroups(MOST + 1);

/** Payment card numbers (ISO/IEC 7812-1): issuer range, its lengths, Luhn; bare or in groups of four or 4-6-5. */
export const card: RunRule = {
  shapes: DIGITS,
  minLength: 4,
  maxLength: MOST,
  mayStand({ length, after }) {
    return length >= FEWEST || (length === 4 && (after === SIDE_SPACE || after === SIDE_HYPHEN));
  },
  match(scan) {
    const first = scan.runEnd - scan.runStart;
    if ((first !== 4 && first < FEWEST) || !beginsHere(scan, scan.runStart)) return;
    if (first === 4 && !groupFollows(scan)) return;
    const length = groups.read(scan, scan.runStart);
    for (let count = Math.min(MOST, length); count >= FEWEST; count--) {
      if (!groups.stopsAt(count) || !luhnHolds(groups.digits, count)) continue;
      if (!lengthFits(count) && (scan.cues(scan.runStart) & CUE_CARD) === 0) continue;
      report(scan, count);
      return;
    }
  },
};

function groupFollows(scan: Scan): boolean {
  const after = scan.at(scan.runEnd);
  return (after === 0x20 || after === 0x2d) && scan.isDigitAt(scan.runEnd + 4);
}

function report(scan: Scan, count: number): void {
  const end = groups.ends[count - 1] as number;
  if (!endsHere(scan, end)) return;
  scan.found.begin();
  for (let i = 0; i < count; i++) scan.found.put(0x30 + (groups.digits[i] as number));
  const isImsi = count === IMSI_DIGITS && scan.wordBefore(scan.runStart, IMSI_CUES);
  scan.found.report(CARD, isImsi ? TIER_SHAPE : TIER_CHECKSUM, scan.runStart, end);
}

/** Issuer ranges as the schemes publish them, with the lengths each issues. */
function lengthFits(count: number): boolean {
  const d = groups.digits;
  const two = (d[0] as number) * 10 + (d[1] as number);
  const three = two * 10 + (d[2] as number);
  const four = three * 10 + (d[3] as number);
  if (two === 34 || two === 37) return count === 15;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return count === 16;
  if (four >= 2200 && four <= 2204) return count >= 16;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return count === 14 || count >= 16;
  if (four >= 3528 && four <= 3589) return count >= 16;
  if (d[0] === 4) return count === 13 || count === 16 || count === 19;
  if (two === 50 || (two >= 56 && two <= 58)) return count >= 16;
  if (d[0] === 6) return count >= 16;
  return false;
}
