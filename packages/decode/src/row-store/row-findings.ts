import type { Finding } from '@custody/evidence';
import { finding } from '../make-finding.ts';
import { miscounted } from './census-findings.ts';
import { joinTallies, newTally, type RowTally } from './row-tally.ts';

/** What only all units together show. */
export function closingFindings(tallies: readonly RowTally[], rows: number, path: string): Finding[] {
  const { decoded, absentFiles, absentContents, damagedFiles, lockedFiles, unresolved } = tallies.reduce(
    joinTallies,
    newTally(),
  );
  const findings: Finding[] = [];
  const say = (code: Finding['code'], records: number, detail: string): void => {
    if (records > 0) findings.push(finding(code, path, { records, detail }));
  };
  say(
    'REFERENCED_BUT_ABSENT',
    absentFiles,
    `${absentFiles} files are named by messages and are not part of this capture.`,
  );
  if (absentContents > 0) {
    const detail = `${absentContents} files stand in the list of the backup and are not part of this capture: it is not whole, or was changed.`;
    findings.push(finding('REFERENCED_BUT_ABSENT', path, { records: absentContents, detail, class: 'doubt' }));
  }
  say('UNIT_UNVERIFIED', damagedFiles, `${damagedFiles} files are there and damaged: they are not used.`);
  say('KEY_MISSING', lockedFiles, `${lockedFiles} files are encrypted under keys that nothing supplied opens.`);
  say('REFERENCE_UNRESOLVED', unresolved, `${unresolved} times a row names another row that is not there.`);
  findings.push(...miscounted(path, { rows, decoded }));
  return findings;
}
