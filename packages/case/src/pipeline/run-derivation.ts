import type { CborValue } from '@custody/bytes';
import { base64Encode, concatBytes } from '@custody/bytes';
import { evidenceRoot } from '@custody/chain';
import type { Counts, SuppliedKey } from '@custody/decode';
import type { Finding } from '@custody/evidence';
import { ScopeRule } from '@custody/evidence';
import type { CaseAuthority, CaseDerivation, DerivationTotals } from '../case-state.ts';
import type { Prepared } from '../derive.ts';
import { broken, usage } from '../errors.ts';
import { keepSummary } from '../keep-summary.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { addTimes, StageMeter, type StageTimes } from './stage-meter.ts';
import { threadCount } from './thread-count.ts';
import type { DerivationJob, UnitDone, UnitJob } from './unit-job.ts';
import { UnitPool } from './unit-pool.ts';

/** Records of a unit whose decoder cannot tell before it looks; for the progress bar only. */
const RECORDS_A_UNIT = 4000;
/** Segments a commit: a signature and two syncs each, shared by this many. */
const SEGMENTS_A_COMMIT = 16;

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
  readonly #case: Case;
  readonly #prepared: Prepared;
  readonly #terms: RunTerms;
  readonly #pool: UnitPool;
  readonly #committed: number;
  readonly #ruleNames: readonly string[];
  readonly #summaries: unknown[][];
  readonly #total = { records: 0, decoded: 0, lost: 0 as number | null, notCovered: 0 };
  readonly #tally = { items: 0, findings: 0, adverse: 0, dispositions: [0, 0, 0, 0] };
  #pending: UnitDone[] = [];
  #times: StageTimes = {};
  readonly #meter = new StageMeter();

  constructor(opened: Case, prepared: Prepared, terms: RunTerms) {
    this.#case = opened;
    this.#prepared = prepared;
    this.#terms = terms;
    const units = prepared.plans.reduce((sum, { plan }) => sum + plan.units.length, 0);
    this.#pool = new UnitPool(jobOf(opened, prepared, terms), units > 1 ? threadCount(terms.threads) : 1);
    this.#ruleNames = new ScopeRule(terms.authority.authority).names;
    this.#summaries = prepared.plans.map(() => []);
    const mine = opened.ledger.segments.filter((segment) => segment.derive === terms.derivation.entry);
    // Units are committed whole and in order, so the last one that is there says how far an earlier run got.
    this.#committed = mine.reduce((last, segment) => Math.max(last, segment.unit), -1);
  }

  async units(): Promise<void> {
    const plans = this.#prepared.plans;
    const owners = plans.flatMap(({ plan }, p) => plan.units.map(() => p));
    const records = plans.map(({ plan }) =>
      plan.units.reduce((sum, unit) => sum + (unit.records ?? RECORDS_A_UNIT), 0),
    );
    const stage = this.#terms.progress?.stage(
      'decode',
      records.reduce((sum, one) => sum + one, 0),
      'records',
    );
    await this.#take(await this.#pool.runInline(this.#firstUnit()));
    for await (const done of this.#pool.run(this.#decodeUnits())) {
      this.#keep(owners[done.unit - 1] as number, done.summary);
      await this.#take(done);
      stage?.at(this.#total.records);
    }
    await this.#take(await this.#pool.runInline(this.#finishUnit(owners.length + 1)));
    await this.#commit();
  }

  get times(): StageTimes {
    return addTimes(this.#times, this.#meter.take());
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async complete(): Promise<DerivationTotals> {
    const { derivation, authority } = this.#terms;
    await this.#case.refresh();
    // Another run of the same derivation may have been first.
    if (derivation.totals !== null) return derivation.totals;
    const segments = this.#case.ledger.segments.filter((segment) => segment.derive === derivation.entry);
    const [inScope, outOfScope, privileged, undecided] = this.#tally.dispositions as [number, number, number, number];
    const totals: DerivationTotals = {
      ...this.#total,
      items: this.#tally.items,
      findings: this.#tally.findings,
      adverse: this.#tally.adverse,
      inScope,
      outOfScope,
      privileged,
      undecided,
      segments: segments.length,
      evidenceRoot: base64Encode(evidenceRoot(concatBytes(segments.map((segment) => segment.root)))),
    };
    checkTotals(totals);
    const event = this.#case.draft('complete', {
      authority: authority.authority.id,
      subject: new Map([['derivation', derivation.entry]]),
      detail: new Map([['totals', JSON.stringify(totals)]]),
    });
    await this.#case.append([event]);
    return totals;
  }

  async #take(done: UnitDone): Promise<void> {
    this.#add(done);
    this.#pending.push(done);
    const segments = this.#pending.reduce((sum, unit) => sum + unit.segments.length, 0);
    if (segments >= SEGMENTS_A_COMMIT) await this.#commit();
  }

  /** From here on the segments count: they are durable, read back, and named by a commit. */
  async #commit(): Promise<void> {
    const segments = this.#pending.flatMap((unit) => unit.segments);
    this.#pending = [];
    if (segments.length === 0) return;
    this.#meter.skip();
    const { derivation, authority } = this.#terms;
    const drafts = segments.map(({ key, count, root, decisions }) =>
      this.#case.draft(
        'segment',
        {
          authority: authority.authority.id,
          detail: new Map<string, CborValue>([
            ['rules', [...this.#ruleNames]],
            ['decisions', decisions.map((run) => [...run])],
          ]),
        },
        { derive: derivation.entry, unit: key.unit, part: key.part, count, root },
      ),
    );
    await this.#case.append(
      drafts,
      segments.flatMap((segment) => segment.objects),
    );
    this.#meter.lap('commit');
  }

  #add(done: UnitDone): void {
    this.#times = addTimes(this.#times, done.spent);
    addCounts(this.#total, done.counts);
    this.#tally.items += done.tally.items;
    this.#tally.findings += done.tally.findings;
    this.#tally.adverse += done.tally.adverse;
    done.tally.dispositions.forEach((count, code) => {
      this.#tally.dispositions[code] = (this.#tally.dispositions[code] as number) + count;
    });
  }

  /** What is said of the capture as a whole stands before everything else. */
  #firstUnit(): UnitJob {
    const findings = [...this.#prepared.findings, ...this.#prepared.plans.flatMap(({ plan }) => plan.findings)];
    addCounts(this.#total, countsOf(findings));
    return { unit: 0, findings, countOnly: this.#committed >= 0 };
  }

  *#decodeUnits(): Generator<UnitJob> {
    let number = 1;
    for (const [p, { plan }] of this.#prepared.plans.entries()) {
      for (const unit of plan.units) {
        yield { unit: number, decode: { plan: p, unit }, countOnly: number <= this.#committed };
        number++;
      }
    }
  }

  #keep(p: number, summary: unknown): void {
    const kept = this.#summaries[p];
    const prepared = this.#prepared.plans[p];
    if (kept !== undefined && prepared !== undefined) keepSummary(prepared, kept, summary);
  }

  #finishUnit(number: number): UnitJob {
    const findings: Finding[] = [];
    this.#prepared.plans.forEach(({ format, plan }, p) => {
      const end = format.finish?.(plan, this.#summaries[p] ?? []);
      findings.push(...(end?.findings ?? []));
      addCounts(this.#total, end?.counts ?? null);
    });
    return { unit: number, findings, countOnly: number <= this.#committed };
  }
}

function jobOf(opened: Case, prepared: Prepared, { derivation, authority, keys }: RunTerms): DerivationJob {
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
      identities: [source.secret],
    },
    indexRecipient: caseKeys.evidence.recipient,
    region: derivation.region,
  };
}

/** Records that findings of the capture as a whole account for; a loss of unknown size makes the total unknown. */
function countsOf(findings: readonly Finding[]): Counts {
  let lost: number | null = 0;
  let notCovered = 0;
  for (const finding of findings) {
    if (finding.class === 'lost') lost = lost === null || finding.records === null ? null : lost + finding.records;
    else if (finding.code === 'NOT_COVERED') notCovered += finding.records ?? 0;
  }
  return { records: (lost ?? 0) + notCovered, decoded: 0, lost, notCovered };
}

function addCounts(
  total: { records: number; decoded: number; lost: number | null; notCovered: number },
  counts: Counts | null,
): void {
  if (counts === null) return;
  total.records += counts.records;
  total.decoded += counts.decoded;
  total.notCovered += counts.notCovered;
  total.lost = total.lost === null || counts.lost === null ? null : total.lost + counts.lost;
}

/** A total that does not add up would mean that a record went missing inside custody: nothing is closed over that. */
function checkTotals(totals: DerivationTotals): void {
  const { records, decoded, lost, notCovered, items } = totals;
  const scoped = totals.inScope + totals.outOfScope + totals.privileged + totals.undecided;
  if (scoped !== items || (lost !== null && records !== decoded + lost + notCovered)) {
    throw broken(
      'COUNTS_DO_NOT_ADD_UP',
      'the counts of this capture do not add up: a fault of custody, please report it',
      {
        ...totals,
      },
    );
  }
}
