import { linksOfCase } from '../links/links-of-case.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { notLogged, recordAccess } from '../record-access.ts';
import { leavesInForce } from '../selection.ts';
import { countLines } from './count-check.ts';
import { FileCheck } from './file-check.ts';
import { FindingCheck } from './finding-check.ts';
import { identifierLines } from './identifier-check.ts';
import { ManifestCheck } from './manifest-check.ts';
import { PairCheck } from './pair-check.ts';
import type { Check, ReconcileLine } from './reconcile-line.ts';
import { ClockCheck, ConversationCheck, SilenceCheck } from './timeline-checks.ts';

export interface ReconcileOptions {
  readonly reason?: string;
  readonly progress?: Progress;
}

/**
 * Holds the case against itself: counts of every step, files against the delivery's manifest, the same message or call in
 * two sources, one-sided conversations, silent devices, clocks, identifiers. What data cannot say is `unknown`. Looks at
 * what the acting person may open; recorded first. Errors as linksOfCase.
 */
export async function* reconcile(opened: Case, options: ReconcileOptions = {}): AsyncGenerator<ReconcileLine> {
  const { reason, progress } = options;
  const logged = await recordAccess(opened, 'reconcile', { parameters: {}, ...(reason !== undefined && { reason }) });
  const checks: Check[] = [
    new ManifestCheck(),
    new FileCheck(),
    new FindingCheck(),
    new PairCheck(),
    new ConversationCheck(),
    new SilenceCheck(),
    new ClockCheck(),
  ];
  const stage = progress?.stage('reconcile', opened.ledger.leaves, 'records');
  for await (const { leaf, derivation } of leavesInForce(opened)) {
    if (leaf === null) continue;
    const { capture } = derivation;
    for (const check of checks) {
      if (leaf.kind === 'item') check.item?.({ index: leaf.index, capture, item: leaf.item });
      else check.finding?.({ index: leaf.index, capture, finding: leaf.finding });
    }
    if (leaf.index % 4096 === 0) stage?.at(leaf.index);
  }
  const mark = notLogged(logged);
  for (const line of countLines(opened)) yield { ...line, ...mark };
  const whole = seesEverything(opened);
  for (const check of checks) {
    for (const line of check.lines()) yield { ...(whole ? line : inPart(line)), ...mark };
  }
  for (const line of identifierLines(await linksOfCase(opened, progress))) yield { ...line, ...mark };
}

/** Whether nothing is closed to the acting person, and nothing was expunged. */
function seesEverything(opened: Case): boolean {
  const { evidence, withheld, privileged } = opened.held;
  const hasAll = evidence !== undefined && withheld !== undefined && privileged !== undefined;
  return hasAll && opened.ledger.rewrites.all.every(({ leaves }) => leaves.length === 0);
}

/** Who does not see everything cannot say that something is missing. */
function inPart(line: ReconcileLine): ReconcileLine {
  if (line.result !== 'broken' || line.check === 'finding' || line.check === 'manifest' || line.check === 'clock')
    return line;
  return { ...line, result: 'unknown', detail: `${line.detail} (not everything is open to you, or was expunged)` };
}
