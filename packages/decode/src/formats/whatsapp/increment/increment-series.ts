import type { Finding } from '@custody/evidence';
import type { CaptureFolder } from '../../../format.ts';
import { finding } from '../../../make-finding.ts';
import { INCREMENT, WHOLE } from './set-names.ts';

const MOST_NAMED = 20;

/** What an incremental backup needs and the capture lacks: the whole one, and those numbered before it. */
export function seriesFindings(name: string, folder: CaptureFolder | null, isJoined = false): Finding[] {
  const names = folder?.names ?? [];
  const findings: Finding[] = [];
  if (!isJoined && !names.some((one) => WHOLE.test(one))) {
    const detail =
      'An incremental backup, and the whole one that it continues is not in the capture: messages of before are not here, and what this one answers, edits or deletes may be among them.';
    findings.push(finding('REFERENCED_BUT_ABSENT', name, { records: null, detail }));
  }
  const own = Number(INCREMENT.exec(name)?.[1] ?? Number.NaN);
  const there = new Set(names.map((one) => Number(INCREMENT.exec(one)?.[1] ?? Number.NaN)));
  const absent = Number.isNaN(own)
    ? []
    : Array.from({ length: Math.max(0, own - 1) }, (_, i) => i + 1).filter((one) => !there.has(one));
  if (absent.length > 0) {
    const shown = absent.slice(0, MOST_NAMED).join(', ');
    const more = absent.length > MOST_NAMED ? ' …' : '';
    const detail = `The name of the file has number ${own}; of the incremental backups before it, ${absent.length} are not in the capture: ${shown}${more}.`;
    findings.push(finding('SEQUENCE_GAP', name, { records: null, detail }));
  }
  return findings;
}
