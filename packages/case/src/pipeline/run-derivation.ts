import type { SuppliedKey } from '@custody/decode';
import type { CaseAuthority, CaseDerivation, DerivationTotals } from '../case-state.ts';
import type { Prepared } from '../derive.ts';
import { usage } from '../errors.ts';
import { keepSummary } from '../keep-summary.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { DerivationTally } from './derivation-tally.ts';
import { DerivationUnits } from './derivation-units.ts';
import { addTimes, StageMeter, type StageTimes } from './stage-meter.ts';
import { threadCount } from './thread-count.ts';
import { UnitCommitter } from './unit-committer.ts';
import type { DerivationJob, UnitDone, UnitJob } from './unit-job.ts';
import { UnitPool } from './unit-pool.ts';

export interface RunTerms {
  readonly threads?: number;
  readonly keys: readonly SuppliedKey[];
  readonly progress?: Progress;
  readonly derivation: CaseDerivation;
  readonly authority: CaseAuthority;
}

/** Decodes, stores, commits and indexes every unit of a derivation, then closes it with its totals. */
export async function runDerivation(
  opened: Case,
  prepared: Prepared,
  terms: RunTerms,
): Promise<{ readonly totals: DerivationTotals; readonly times: StageTimes }> {
  const run = new Run(opened, prepared, terms);
  try {
    await run.units();
    const totals = await run.complete();
    return { totals, times: run.times };
  } finally {
    await run.close();
  }
}

class Run {
  readonly #prepared: Prepared;
  readonly #terms: RunTerms;
  readonly #units: DerivationUnits;
  readonly #pool: UnitPool;
  readonly #committer: UnitCommitter;
  readonly #committed: number;
  readonly #summaries: unknown[][];
  readonly #tally = new DerivationTally();
  readonly #meter = new StageMeter();
  #times: StageTimes = {};

  constructor(opened: Case, prepared: Prepared, terms: RunTerms) {
    this.#prepared = prepared;
    this.#terms = terms;
    this.#units = new DerivationUnits(prepared);
    this.#pool = new UnitPool(
      derivationJob(opened, prepared, terms),
      this.#units.decoded > 1 ? threadCount(terms.threads) : 1,
    );
    this.#summaries = prepared.plans.map(() => []);
    this.#committer = new UnitCommitter(opened, terms);
    this.#committed = this.#committer.committed();
  }

  async units(): Promise<void> {
    const units = this.#units;
    let records = 0;
    for (let number = 1; number <= units.decoded; number++) records += units.records(number);
    const stage = this.#terms.progress?.stage('decode', records, 'records');
    await this.#take(await this.#pool.runInline(units.at(0, { countOnly: this.#committed >= 0 })));
    for await (const done of this.#pool.run(this.#decodeUnits())) {
      const plan = units.planOf(done.unit);
      const [prepared, kept] = [this.#prepared.plans[plan], this.#summaries[plan]];
      if (prepared !== undefined && kept !== undefined) keepSummary(prepared, kept, done.summary);
      await this.#take(done);
      stage?.at(this.#tally.records);
    }
    const last = units.finish(this.#summaries, { countOnly: units.last <= this.#committed });
    await this.#take(await this.#pool.runInline(last));
    this.#meter.skip();
    await this.#committer.flush();
    this.#meter.lap('commit');
  }

  get times(): StageTimes {
    return addTimes(this.#times, this.#meter.take());
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  complete(): Promise<DerivationTotals> {
    return this.#committer.complete(this.#tally);
  }

  async #take(done: UnitDone): Promise<void> {
    this.#times = addTimes(this.#times, done.spent);
    this.#tally.add(done);
    this.#meter.skip();
    if (await this.#committer.take(done.segments)) this.#meter.lap('commit');
  }

  *#decodeUnits(): Generator<UnitJob> {
    for (let number = 1; number <= this.#units.decoded; number++) {
      yield this.#units.at(number, { countOnly: number <= this.#committed });
    }
  }
}

/** What threads need to do units of a derivation. Throws UsageError NO_RIGHTS for who does not hold `source`. */
export function derivationJob(
  opened: Case,
  prepared: Prepared,
  { derivation, authority, keys }: Pick<RunTerms, 'derivation' | 'authority' | 'keys'>,
): DerivationJob {
  const caseKeys = opened.state.keys;
  const source = opened.held.source;
  if (caseKeys === null || source === undefined) throw usage('NO_RIGHTS', 'you do not hold "source" and "evidence"');
  const to = (name: 'evidence' | 'withheld' | 'privileged') => [caseKeys[name].recipient, caseKeys.source.recipient];
  return {
    location: opened.vault.location,
    original: prepared.original,
    files: prepared.files,
    plans: prepared.plans.map(({ file, format, plan }) => ({ file, format: format.name, state: plan.state })),
    keys,
    scratchKey: prepared.scratch.key,
    authority: authority.authority,
    derive: derivation.entry,
    deriveHash: derivation.leafHash,
    segmentKeys: {
      recipients: { evidence: to('evidence'), withheld: to('withheld'), privileged: to('privileged') },
      identities: source.all,
    },
    indexRecipient: caseKeys.evidence.recipient,
    indexIdentities: opened.held.evidence?.all ?? [],
    region: derivation.region,
  };
}
