import { beginsHere, endsHere } from '../checks/boundaries.ts';
import { DigitGroups } from '../checks/digit-groups.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { SIDE_HIGH, SIDE_HYPHEN, SIDE_SLASH, SIDE_SPACE } from '../run-sides.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';

const IMSI = knownType('imsi');
const CUES = ['imsi'];
const LENGTH = 15;
const groups = new DigitGroups(LENGTH + 1);

/** Subscriber numbers (ITU-T E.212): 15 digits, first digit of the country code 2 to 7 or 9, only after the word. */
export const imsi: RunRule = {
  shapes: DIGITS,
  minLength: 3,
  maxLength: LENGTH,
  mayStand({ length, after }) {
    if (length === LENGTH) return true;
    if (length !== 3 && length !== 5 && length !== 6) return false;
    return after === SIDE_SPACE || after === SIDE_HYPHEN || after === SIDE_SLASH || after === SIDE_HIGH;
  },
  match(scan) {
    const first = scan.runEnd - scan.runStart;
    if ((first !== 3 && first !== 5 && first !== 6 && first !== LENGTH) || !beginsHere(scan, scan.runStart)) return;
    if (!scan.hasWordBefore(scan.runStart)) return;
    if (groups.read(scan, scan.runStart) !== LENGTH || !scan.cueBefore(scan.runStart, CUES)) return;
    const zone = groups.digits[0] as number;
    const end = groups.ends[LENGTH - 1] as number;
    if (zone < 2 || zone === 8 || !endsHere(scan, end)) return;
    scan.found.begin();
    for (let i = 0; i < LENGTH; i++) scan.found.put(0x30 + (groups.digits[i] as number));
    scan.found.report(IMSI, TIER_CONTEXT, scan.runStart, end);
  },
};
