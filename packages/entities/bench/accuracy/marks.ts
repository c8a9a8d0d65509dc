import type { Tally } from './tally.ts';

/** What must be reached, and what was. */
interface Mark {
  readonly name: string;
  readonly least: number;
  readonly measured: number;
  /** What else is to be known of the number. */
  readonly note?: string;
  /** Where less is better. */
  readonly isMost?: boolean;
}

const MAIN = ['English', 'Spanish', 'French', 'Portuguese', 'Chinese'];
const MAIN_SPANS = 0.97;
const OTHER_SPANS = 0.95;
const VALUES = 0.96;

/** Each mark of the issue over both halves of the sets: measured, met or not. */
export function markLines(tallies: readonly Tally[], falsePositives: number): string[] {
  const named = new Map(tallies.map((tally) => [tally.name, tally]));
  const marks = [...moneyMarks(tallies), ...otherMarks(named)];
  marks.push({
    name: 'false positives a thousand lines, Ubuntu IRC',
    least: 0.5,
    measured: falsePositives,
    isMost: true,
    note: 'from the share of false ones in the lines that a person read whole',
  });
  return marks.map(({ name, least, measured, note, isMost }) => {
    const isMet = isMost === true ? measured <= least : measured >= least;
    const bound = isMost === true ? 'at most' : 'at least';
    const words = `${name.padEnd(46)} ${measured.toFixed(3)}  ${bound} ${least}  ${isMet ? 'met' : 'NOT MET'}`;
    return note === undefined ? words : `${words}  (${note})`;
  });
}

function moneyMarks(tallies: readonly Tally[]): Mark[] {
  return tallies
    .filter((tally) => tally.name.startsWith('money '))
    .flatMap((tally) => {
      const isMain = MAIN.includes(tally.name.slice('money '.length));
      const { asLabelled, withoutFaults } = tally.valueShare();
      const note = asLabelled === withoutFaults ? {} : { note: `${withoutFaults.toFixed(3)} without labels at fault` };
      return [
        { name: `${tally.name}, spans`, least: isMain ? MAIN_SPANS : OTHER_SPANS, measured: tally.score() },
        { name: `${tally.name}, value and unit`, least: VALUES, measured: asLabelled, ...note },
      ];
    });
}

const LEAST: readonly (readonly [string, number])[] = [
  ['duckling money EN', 0.95],
  ['phone (possible)', 0.975],
  ['libphonenumber examples +', 0.997],
  ['ip', 1],
  ['url', 0.98],
  ['email', 0.98],
  ['crypto addresses', 1],
];

function otherMarks(named: ReadonlyMap<string, Tally>): Mark[] {
  const marks: Mark[] = LEAST.flatMap(([name, least]) => {
    const tally = named.get(name);
    return tally === undefined ? [] : [{ name, least, measured: tally.score() }];
  });
  const iban = named.get('presidio iban');
  if (iban !== undefined)
    marks.push({ name: 'presidio iban, errors', least: 2, measured: iban.errors(), isMost: true });
  return marks;
}
