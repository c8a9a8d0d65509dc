import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { joinTally, newTally, type Tally } from './tally.ts';

/** Findings that need the sums of all units. */
export function closingFindings(path: string, tallies: readonly Tally[]): Finding[] {
  const sum = tallies.reduce(joinTally, newTally());
  const findings = sorted(sum.uncovered).map(([what, records]) =>
    finding('NOT_COVERED', path, { records, detail: `${records} ${what} are not decoded; their bytes are kept.` }),
  );
  const tell = (code: Finding['code'], records: number, detail: string) => {
    if (records > 0) findings.push(finding(code, path, { records, detail }));
  };
  const never = sum.files.get('never') ?? 0;
  tell(
    'REFERENCED_BUT_ABSENT',
    never,
    `${never} pointer(s) lead to files that were not on the device when the backup was made: their content is on servers, if anywhere.`,
  );
  const elsewhere = sum.files.get('elsewhere') ?? 0;
  tell(
    'REFERENCED_BUT_ABSENT',
    elsewhere,
    `${elsewhere} pointer(s) lead to files of a backup folder, which is not in the capture.`,
  );
  const unresolved = 'references to recipients or chats lead to none in this backup.';
  tell('REFERENCE_UNRESOLVED', sum.unresolved, `${sum.unresolved} ${unresolved}`);
  if (sum.unknown.size > 0) {
    const names = sorted(sum.unknown).map(([name, times]) => `${name} (${times})`);
    const detail = `Fields that this build does not know, by message and number: ${listed(names)}. They stay in the raw records.`;
    findings.push(finding('NOT_COVERED', path, { records: 0, detail }));
  }
  if (sum.withheld.size > 0) {
    const names = sorted(sum.withheld).map(([name, times]) => `${name} (${times})`);
    const detail = `Live credentials were met and not taken over, by name: ${listed(names)}. They open accounts, groups, calls or files on servers.`;
    findings.push(finding('CREDENTIAL_WITHHELD', path, { records: 0, detail }));
  }
  return findings;
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A hostile file can make up any number of fields. */
function listed(names: readonly string[]): string {
  const most = 40;
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
