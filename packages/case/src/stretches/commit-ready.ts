import type { DerivationTotals } from '../case-state.ts';
import type { Case } from '../open-case.ts';
import { DerivationTally } from '../pipeline/derivation-tally.ts';
import { UnitCommitter } from '../pipeline/unit-committer.ts';
import { requireHeld } from './require-held.ts';
import { derivationAt, notPlanned } from './stretch-decoder.ts';
import { readPlan, type StretchPlan, stretchCount } from './stretch-plan.ts';
import { readReport } from './stretch-report.ts';

export interface CommittedStretches {
  /** Segments that this call, or another at the same time, added to the log. */
  readonly segments: number;
  /** First stretch that is not stored yet; one more than the closing one when all are. */
  readonly waitsFor: number;
  /** All that decodes is stored, and the closing stretch may be decoded. */
  readonly closingDue: boolean;
  /** Of the derivation, once it is complete. */
  readonly totals: DerivationTotals | null;
}

/**
 * Commits what is stored of a derivation and not committed, in capture order, up to the first stretch that is not
 * stored; with the closing stretch it closes the derivation. Safe at any time, by any number at once: what decides is
 * the commit that is created once. Needs `evidence` and `log`.
 */
export async function commitReady(opened: Case, entry: number): Promise<CommittedStretches> {
  requireHeld(opened, 'commit');
  await opened.refresh();
  const { derivation, authority } = derivationAt(opened, entry);
  const plan = await readPlan(opened, entry);
  if (plan === null) throw notPlanned(entry);
  const count = stretchCount(plan);
  const committer = new UnitCommitter(opened, { derivation, authority });
  const before = opened.ledger.segments.length;
  const stretch = derivation.totals === null ? await commitFrom(opened, { entry, plan, committer }) : count + 1;
  const whole = stretch > count;
  const totals = whole ? (derivation.totals ?? (await committer.complete(await tallyOf(opened, entry, count)))) : null;
  return {
    segments: opened.ledger.segments.length - before,
    waitsFor: stretch,
    closingDue: stretch === count,
    totals,
  };
}

/** Commits stretch after stretch; resolves with the first that is not stored. */
async function commitFrom(
  opened: Case,
  { entry, plan, committer }: { readonly entry: number; readonly plan: StretchPlan; readonly committer: UnitCommitter },
): Promise<number> {
  const committed = committer.committed();
  let stretch = Math.min(Math.floor((committed + 1) / plan.size), stretchCount(plan));
  for (; stretch <= stretchCount(plan); stretch++) {
    const report = await readReport(opened, entry, stretch);
    if (report === null) break;
    for (const { unit, segments } of report.units) if (unit > committed) await committer.take(segments);
  }
  await committer.flush();
  return stretch;
}

async function tallyOf(opened: Case, entry: number, last: number): Promise<DerivationTally> {
  const tally = new DerivationTally();
  for (let stretch = 0; stretch <= last; stretch++) {
    const report = await readReport(opened, entry, stretch);
    for (const unit of report?.units ?? []) tally.add(unit);
  }
  return tally;
}
