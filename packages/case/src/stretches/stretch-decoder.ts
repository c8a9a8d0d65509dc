import type { CaseAuthority, CaseDerivation } from '../case-state.ts';
import type { Prepared } from '../derive.ts';
import { usage } from '../errors.ts';
import { closePrepared } from '../ingest.ts';
import { keepSummary } from '../keep-summary.ts';
import type { Case } from '../open-case.ts';
import { DerivationUnits } from '../pipeline/derivation-units.ts';
import { derivationJob } from '../pipeline/run-derivation.ts';
import { UnitCommitter } from '../pipeline/unit-committer.ts';
import type { UnitDone, UnitJob } from '../pipeline/unit-job.ts';
import { UnitPool } from '../pipeline/unit-pool.ts';
import { prepareAgain } from '../prepare-again.ts';
import { requireHeld } from './require-held.ts';
import { openPrepared } from './stored-prepared.ts';
import { stretchName } from './stretch-object.ts';
import { planOf, readPlan, type StretchPlan, stretchCount, unitsOf } from './stretch-plan.ts';
import { openSummaries, readReport, storeReport } from './stretch-report.ts';

/** What became of a stretch. */
export interface DecodedStretch {
  /** False: it was stored before, and nothing was done. */
  readonly stored: boolean;
  readonly units: number;
  readonly records: number;
}

/**
 * A derivation opened for decoding: keys and original are opened and the capture is prepared once, then any of its
 * stretches is decoded and stored, uncommitted. Whoever decodes a stretch, and however often, stores the same.
 */
export class StretchDecoder {
  readonly #case: Case;
  readonly #derivation: CaseDerivation;
  readonly #prepared: Prepared;
  readonly #units: DerivationUnits;
  readonly #plan: StretchPlan;
  readonly #pool: UnitPool;
  readonly #committer: UnitCommitter;

  private constructor(
    parts: { opened: Case; derivation: CaseDerivation; prepared: Prepared; units: DerivationUnits; plan: StretchPlan },
    { pool, committer }: { pool: UnitPool; committer: UnitCommitter },
  ) {
    this.#case = parts.opened;
    this.#derivation = parts.derivation;
    this.#prepared = parts.prepared;
    this.#units = parts.units;
    this.#plan = parts.plan;
    this.#pool = pool;
    this.#committer = committer;
  }

  /**
   * Throws UsageError NO_RIGHTS, DERIVATION_UNKNOWN, DECODER_DIFFERS (this program decodes otherwise than the one that
   * began); IntegrityError; UnavailableError.
   */
  static async open(opened: Case, entry: number, { threads = 1 }: { threads?: number } = {}): Promise<StretchDecoder> {
    requireHeld(opened, 'decode');
    const { derivation, authority } = derivationAt(opened, entry);
    const plan = await readPlan(opened, entry);
    if (plan === null) throw notPlanned(entry);
    const { prepared, keys } =
      plan.files === null ? await prepareAgain(opened, derivation) : await openPrepared(opened, derivation, plan.files);
    try {
      const units = new DerivationUnits(prepared);
      checkSame(derivation, prepared, planOf(units, plan.size).last === plan.last);
      const pool = new UnitPool(derivationJob(opened, prepared, { derivation, authority, keys }), threads);
      const committer = new UnitCommitter(opened, { derivation, authority });
      return new StretchDecoder({ opened, derivation, prepared, units, plan }, { pool, committer });
    } catch (error) {
      await closePrepared(prepared);
      throw error;
    }
  }

  /** Decodes and stores a stretch. The closing one reads the reports of all others, which must be there. */
  async decode(stretch: number): Promise<DecodedStretch> {
    const count = stretchCount(this.#plan);
    if (!Number.isSafeInteger(stretch) || stretch < 0 || stretch > count) {
      throw usage('DERIVATION_UNKNOWN', `derivation ${this.#derivation.entry} has no stretch ${stretch}`);
    }
    const at = { derivation: this.#derivation.entry, stretch };
    if ((await this.#case.vault.info(stretchName(at.derivation, stretch))) !== null) {
      return { stored: false, units: 0, records: 0 };
    }
    const done = stretch === count ? await this.#close(count) : await this.#decode(stretch);
    const stored = (await storeReport(this.#case, at, done)) === 'created';
    const records = done.reduce((sum, unit) => sum + (unit.counts?.records ?? 0), 0);
    return { stored, units: done.length, records };
  }

  /** Whether this is the stretch that comes after all others. */
  isClosing(stretch: number): boolean {
    return stretch === stretchCount(this.#plan);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await closePrepared(this.#prepared);
  }

  async #decode(stretch: number): Promise<UnitDone[]> {
    const committed = this.#committer.committed();
    const { from, to } = unitsOf(this.#plan, stretch);
    const jobs: UnitJob[] = [];
    for (let unit = from; unit < to; unit++) jobs.push(this.#units.at(unit, { countOnly: unit <= committed }));
    const done: UnitDone[] = [];
    for await (const unit of this.#pool.run(jobs)) done.push(unit);
    return done;
  }

  async #close(count: number): Promise<UnitDone[]> {
    // It comes after all others, and opens what all of them left for it.
    await this.#pool.rest();
    const kept: unknown[][] = this.#prepared.plans.map(() => []);
    for (let stretch = 0; stretch < count; stretch++) {
      const report = await readReport(this.#case, this.#derivation.entry, stretch);
      if (report === null) throw usage('NOT_YET', `stretch ${stretch} is not decoded yet: the closing one comes last`);
      for (const { unit, summary } of openSummaries(report.summaries, this.#case.held.source?.all ?? [])) {
        if (unit < 1 || unit > this.#units.decoded) continue;
        const plan = this.#units.planOf(unit);
        const prepared = this.#prepared.plans[plan];
        if (prepared !== undefined) keepSummary(prepared, kept[plan] as unknown[], summary);
      }
    }
    const countOnly = this.#units.last <= this.#committer.committed();
    return [await this.#pool.runInline(this.#units.finish(kept, { countOnly }))];
  }
}

/** The derivation of an entry with its authority. Throws UsageError DERIVATION_UNKNOWN. */
export function derivationAt(
  opened: Case,
  entry: number,
): { readonly derivation: CaseDerivation; readonly authority: CaseAuthority } {
  const derivation = opened.state.derivations.get(entry);
  const authority = opened.state.authorities.get(derivation?.authority ?? '');
  if (derivation === undefined || authority === undefined) {
    throw usage('DERIVATION_UNKNOWN', `the case has no derivation ${entry}`);
  }
  return { derivation, authority };
}

export function notPlanned(entry: number): Error {
  return usage('DERIVATION_UNKNOWN', `derivation ${entry} was not planned for workers: "custody resume --queue" does`);
}

function checkSame(derivation: CaseDerivation, prepared: Prepared, sameUnits: boolean): void {
  if (sameUnits && prepared.decoder === derivation.decoder && prepared.keyIds.join() === derivation.keyIds.join())
    return;
  throw usage(
    'DECODER_DIFFERS',
    `derivation ${derivation.entry} was begun with ${derivation.decoder}, this program would decode it with ${prepared.decoder} or cut it otherwise: use workers of the same version as the custody that began it`,
  );
}
