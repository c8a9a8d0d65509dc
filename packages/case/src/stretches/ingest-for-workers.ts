import type { CaseDerivation } from '../case-state.ts';
import { usage } from '../errors.ts';
import { beginIngest, closePrepared, type IngestOptions, type IngestResult } from '../ingest.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { planDerivation } from './plan-derivation.ts';
import { derivationAt } from './stretch-decoder.ts';

/** A capture whose decoding is left to workers. */
export type PlannedIngest = Omit<IngestResult, 'totals'>;

/** Takes one capture in, records its derivation and cuts it into stretches; decodes nothing. Refusals as `ingest`. */
export async function ingestForWorkers(opened: Case, path: string, options: IngestOptions): Promise<PlannedIngest> {
  // One thread: none is warmed here for units that others decode.
  const { prepared, authority: _, ...begun } = await beginIngest(opened, path, { ...options, threads: 1 });
  try {
    if (begun.derivation.totals === null) await planDerivation(opened, begun.derivation.entry, { prepared });
    return begun;
  } finally {
    await closePrepared(prepared);
  }
}

/** The result of an ingest that workers finished. Throws UsageError NOT_YET while they have not. */
export async function plannedResult(opened: Case, planned: PlannedIngest): Promise<IngestResult> {
  await opened.refresh();
  const { derivation } = derivationAt(opened, planned.derivation.entry);
  if (derivation.totals === null) throw usage('NOT_YET', `derivation ${derivation.entry} is not complete yet`);
  return { ...planned, derivation, totals: derivation.totals };
}

/**
 * What `resume` would finish, cut for workers instead: every derivation that was interrupted, embedded or not. Publishes
 * the log again, as `resume` does.
 */
export async function resumeForWorkers(
  opened: Case,
  options: { readonly progress?: Progress } = {},
): Promise<readonly CaseDerivation[]> {
  await opened.ledger.restoreView();
  const left = [...opened.state.derivations.values()].filter(({ totals }) => totals === null);
  for (const { entry } of left) await planDerivation(opened, entry, options);
  return left;
}
