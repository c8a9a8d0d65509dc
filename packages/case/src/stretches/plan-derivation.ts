import type { Prepared } from '../derive.ts';
import { closePrepared } from '../ingest.ts';
import type { Case } from '../open-case.ts';
import { DerivationUnits } from '../pipeline/derivation-units.ts';
import { prepareAgain } from '../prepare-again.ts';
import type { Progress } from '../progress.ts';
import { sealPrepared } from './stored-prepared.ts';
import { derivationAt } from './stretch-decoder.ts';
import { STRETCH_PREFIX } from './stretch-object.ts';
import { planOf, readPlan, type StretchPlan, storePlan, stretchCount } from './stretch-plan.ts';

/**
 * How a derivation is cut for workers: as it was planned before, or planned and stored now, for which the capture is
 * prepared (with the keys it was begun with) unless the caller has it prepared. Then it needs `source`.
 */
export async function planDerivation(
  opened: Case,
  entry: number,
  options: { readonly prepared?: Prepared; readonly size?: number; readonly progress?: Progress } = {},
): Promise<StretchPlan> {
  const known = await readPlan(opened, entry);
  if (known !== null) return known;
  const store = (of: Prepared) => {
    const plan = planOf(new DerivationUnits(of), options.size);
    return storePlan(opened, entry, { ...plan, files: sealPrepared(opened, of) });
  };
  if (options.prepared !== undefined) return store(options.prepared);
  const { derivation } = derivationAt(opened, entry);
  const { prepared } = await prepareAgain(opened, derivation, options);
  try {
    return await store(prepared);
  } finally {
    await closePrepared(prepared);
  }
}

/** How far the workers of a derivation are, from the store alone. */
export interface StretchProgress {
  readonly derivation: number;
  /** Stretches in all, the closing one among them, and those that are stored; none once it is complete. */
  readonly stretches: number;
  readonly stored: readonly number[];
  /** Records in all and in the stretches stored, as far as known beforehand. */
  readonly records: number;
  readonly recordsStored: number;
  /** Records in units committed, likewise. */
  readonly recordsCommitted: number;
  readonly complete: boolean;
}

/** Null for a derivation that was not planned for workers. */
export async function stretchProgress(opened: Case, entry: number): Promise<StretchProgress | null> {
  await opened.refresh();
  const totals = opened.state.derivations.get(entry)?.totals ?? null;
  if (totals !== null) return finished(entry, totals.records);
  const plan = await readPlan(opened, entry);
  if (plan === null) return null;
  const prefix = `${STRETCH_PREFIX}${entry}/`;
  const stored: number[] = [];
  for await (const { name } of opened.vault.list(prefix)) {
    const number = Number(name.slice(prefix.length));
    if (Number.isSafeInteger(number)) stored.push(number);
  }
  stored.sort((a, b) => a - b);
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
  const records = sum(plan.records);
  const last = opened.ledger.segments.reduce(
    (max, { derive, unit }) => (derive === entry ? Math.max(max, unit) : max),
    -1,
  );
  const whole = sum(plan.records.slice(0, Math.floor((last + 1) / plan.size)));
  return {
    derivation: entry,
    stretches: stretchCount(plan) + 1,
    stored,
    records,
    recordsStored: sum(stored.map((number) => plan.records[number] ?? 0)),
    recordsCommitted: whole,
    complete: false,
  };
}

/** What its workers told each other may be gone by now. */
function finished(derivation: number, records: number): StretchProgress {
  const counts = { records, recordsStored: records, recordsCommitted: records };
  return { derivation, stretches: 0, stored: [], ...counts, complete: true };
}

/** Stretches to hand to decoders now: those not stored, the closing one only when it alone is left. */
export function stretchesDue({ stretches, stored, complete }: StretchProgress): readonly number[] {
  if (complete) return [];
  const there = new Set(stored);
  const closing = stretches - 1;
  const missing = Array.from({ length: closing }, (_, number) => number).filter((number) => !there.has(number));
  return missing.length === 0 && !there.has(closing) ? [closing] : missing;
}
