import type { Case } from './open-case.ts';

/** Events that change nothing of the evidence: what is disclosed does not grow older by being looked at. */
const PASSING: ReadonlySet<string> = new Set(['access', 'disclose', 'verify', 'refuse', 'mark']);

/** Log size after the newest commit that changed the evidence. */
export function evidenceSize(opened: Case): number {
  const found = opened.ledger.commits.findLast(({ entries }) => entries.some(({ kind }) => !PASSING.has(kind)));
  return found === undefined ? 0 : found.size + found.entries.length;
}
