import type { LoggedCommit } from '@custody/segment';
import type { Case } from './open-case.ts';

/** Events that change nothing of the evidence: what is disclosed does not grow older by being looked at. */
const PASSING: ReadonlySet<string> = new Set(['access', 'disclose', 'verify', 'refuse', 'mark']);

/** The newest commit that changed the evidence. */
export function newestEvidence(opened: Case): LoggedCommit | undefined {
  return opened.ledger.commits.findLast(({ entries }) => entries.some(({ kind }) => !PASSING.has(kind)));
}

/** Log size after it. */
export function evidenceSize(opened: Case): number {
  const found = newestEvidence(opened);
  return found === undefined ? 0 : found.size + found.entries.length;
}
