import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';

/** What units tell `finish`. */
export interface ExportTally {
  /** Entries of lists that are not decoded, by list. */
  readonly uncovered: Map<string, number>;
  absent: number;
  /** Messages without a time in Unix seconds. */
  zoneless: number;
  /** Minutes between wall clock and UTC, as messages show them. */
  readonly offsets: Set<number>;
}

export function noTally(): ExportTally {
  return { uncovered: new Map(), absent: 0, zoneless: 0, offsets: new Set() };
}

export function joinTallies(sum: ExportTally, more: ExportTally): ExportTally {
  for (const [list, count] of more.uncovered) sum.uncovered.set(list, (sum.uncovered.get(list) ?? 0) + count);
  for (const offset of more.offsets) if (sum.offsets.size < MOST_OFFSETS) sum.offsets.add(offset);
  sum.absent += more.absent;
  sum.zoneless += more.zoneless;
  return sum;
}

/** One zone has two offsets; a file with many was changed or put together. */
const MOST_OFFSETS = 64;

/** Lists of a full export that hold no messages. */
const KNOWN: ReadonlySet<string> = new Set(['profile_pictures', 'stories']);

export function closingFindings(tallies: readonly ExportTally[]): Finding[] {
  const all = tallies.reduce((sum, more) => joinTallies(sum, more), noTally());
  const findings = [...all.uncovered]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([list, records]) => {
      const isKnown = KNOWN.has(list);
      const detail = `${records} entries of "${list}" are not decoded${isKnown ? '' : ': a list of a name that this build does not know'}.`;
      return finding('NOT_COVERED', list, { records, detail, class: isKnown ? 'note' : 'doubt' });
    });
  if (all.absent > 0) {
    const detail = `${all.absent} file(s) that messages name, or say were left out, are not in the capture.`;
    findings.push(finding('REFERENCED_BUT_ABSENT', 'media', { records: all.absent, detail }));
  }
  if (all.zoneless > 0) {
    const detail = `${all.zoneless} messages have the wall clock of the exporting computer only: its zone is not stated, so they have no instant.`;
    findings.push(finding('TIME_ANOMALY', 'date', { records: 0, detail, class: 'note' }));
  }
  if (all.offsets.size > 2) {
    const detail = `Wall clock and Unix time of messages lie ${all.offsets.size} different offsets apart; one time zone has two.`;
    findings.push(finding('TIME_ANOMALY', 'date', { records: 0, detail, class: 'note' }));
  }
  return findings;
}
