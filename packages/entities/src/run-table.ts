import { DIGITS, MIXED, type RunRule } from './rule.ts';
import { runRules } from './rules/index.ts';
import { SIDE_BITS, type Side } from './run-sides.ts';

/** No type has a longer run of letters and digits (Monero integrated addresses have 106). */
export const LONGEST_RUN = 128;
const SIDES = 1 << SIDE_BITS;

type Rules = readonly RunRule[];

/** Lists by the two sides of a run, for each shape and length; made when such a run is first met. */
const byLength: (Rules | null)[][] = [];

/** Index in the table of runs of that make-up and length, `LONGEST_RUN` at most. */
function rowOf(isDigits: boolean, length: number): number {
  return isDigits ? length : length + LONGEST_RUN + 1;
}

/** The rules that may find something at a run between these sides, in the order of their list. */
export function rulesAt(isDigits: boolean, length: number, sides: number): Rules {
  const row = byLength[rowOf(isDigits, length)] as (Rules | null)[];
  return row[sides] ?? listFor(isDigits, length, sides);
}

function listFor(isDigits: boolean, length: number, sides: number): Rules {
  const shape = isDigits ? DIGITS : MIXED;
  const before: Side = sides >> SIDE_BITS;
  const after: Side = sides & (SIDES - 1);
  const list = runRules.filter(
    (rule) =>
      (rule.shapes & shape) !== 0 &&
      length >= rule.minLength &&
      length <= rule.maxLength &&
      rule.mayStand?.({ isDigits, length, before, after }) !== false,
  );
  (byLength[rowOf(isDigits, length)] as (Rules | null)[])[sides] = list;
  return list;
}

for (let row = 0; row < 2 * (LONGEST_RUN + 1); row++) byLength.push(new Array<Rules | null>(SIDES * SIDES).fill(null));
