import type { Finding } from '@custody/evidence';
import { finding } from '../../../make-finding.ts';
import { miscounted } from '../../../row-store/census-findings.ts';
import type { Tally } from './item-context.ts';

export function joinTallies(a: Tally, b: Tally): Tally {
  return {
    decoded: a.decoded + b.decoded,
    absentFiles: a.absentFiles + b.absentFiles,
    otherFiles: a.otherFiles + b.otherFiles,
    unresolved: a.unresolved + b.unresolved,
  };
}

/** What only all units together show. */
export function closingFindings(tallies: readonly Tally[], rows: number, path: string): Finding[] {
  const {
    absentFiles: absent,
    otherFiles: other,
    unresolved,
    decoded,
  } = tallies.reduce(joinTallies, { decoded: 0, absentFiles: 0, otherFiles: 0, unresolved: 0 });
  const findings: Finding[] = [];
  if (absent > 0) {
    findings.push(
      finding('REFERENCED_BUT_ABSENT', path, {
        records: absent,
        detail: `${absent} media files are named by messages and are not part of this capture.`,
      }),
    );
  }
  if (other > 0) {
    const detail = `${other} media files stand where messages say, but their SHA-256 is another than the messages state.`;
    findings.push(finding('CONFLICTING_COPIES', path, { records: other, detail, class: 'doubt' }));
  }
  if (unresolved > 0) {
    findings.push(
      finding('REFERENCE_UNRESOLVED', path, {
        records: unresolved,
        detail: `${unresolved} times a message names a chat, sender, quoted or parent message by a row that is not there.`,
      }),
    );
  }
  findings.push(...miscounted(path, { rows, decoded }));
  return findings;
}
