import { beginsHere, endsHere } from '../checks/boundaries.ts';
import { DigitGroups } from '../checks/digit-groups.ts';
import { luhnHolds } from '../checks/luhn.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const ICCID = knownType('iccid');
const MOST = 20;
const groups = new DigitGroups(MOST + 1);

/** SIM card numbers (ITU-T E.118): 19 or 20 digits, industry 89, Luhn check digit last; bare or in groups. */
export const iccid: RunRule = {
  shapes: DIGITS,
  minLength: 2,
  maxLength: MOST,
  match(scan) {
    const at = scan.runStart;
    if (scan.at(at) !== 0x38 || scan.at(at + 1) !== 0x39 || !beginsHere(scan, at)) return;
    const length = groups.read(scan, at);
    for (let count = Math.min(MOST, length); count >= 19; count--) {
      if (!groups.stopsAt(count) || !luhnHolds(groups.digits, count)) continue;
      const end = groups.ends[count - 1] as number;
      if (!endsHere(scan, end)) continue;
      scan.found.begin();
      for (let i = 0; i < count; i++) scan.found.put(0x30 + (groups.digits[i] as number));
      scan.found.report(ICCID, TIER_CHECKSUM, at, end);
      return;
    }
  },
};
