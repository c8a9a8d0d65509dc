import { releaseBytes } from '@custody/bytes';
import { SEGMENT_LEAVES_MAX } from '@custody/chain';
import { type DecodeContext, type Format, loadFormat, type UnitDecoder, type UnitResult } from '@custody/decode';
import { BatchWriter, type Decisions, type LeafBatch, readFinding, ScopeRule } from '@custody/evidence';
import { storeTile, type TilePlain, tileParts } from '@custody/search';
import {
  openOriginal,
  type PreparedSegment,
  prepareSegment,
  releasePrepared,
  type SegmentInput,
  SegmentScratch,
  segmentLabel,
  storePrepared,
  storeSegment,
} from '@custody/segment';
import { openVault, type SealedReader, type Vault } from '@custody/vault';
import { captureFile } from '../capture-files.ts';
import { type DecisionRuns, decisionRuns } from './decision-runs.ts';
import { DiskScratch } from './disk-scratch.ts';
import { buildTile } from './index-segment.ts';
import { StageMeter } from './stage-meter.ts';
import type { DerivationJob, FilePlan, LeafTally, SegmentResult, UnitDone, UnitJob } from './unit-job.ts';

/** A segment and its tile as bytes, still to be stored. */
interface SegmentWork {
  readonly prepared: PreparedSegment;
  readonly runs: DecisionRuns;
  readonly tile: TilePlain;
}

/** Does units of one derivation in the thread it lives in: decode, decide, store, index. */
export class UnitRunner {
  readonly #job: DerivationJob;
  readonly #vault: Vault;
  /** Of each plan. */
  readonly #formats: readonly Format[];
  readonly #reader: SealedReader;
  readonly #rule: ScopeRule;
  readonly #decoders = new Map<number, UnitDecoder>();
  readonly #writer = new BatchWriter();
  readonly #scratch = new SegmentScratch();
  readonly #meter = new StageMeter();
  #alone: Promise<unknown> | null = null;

  private constructor(job: DerivationJob, vault: Vault, formats: readonly Format[]) {
    this.#job = job;
    this.#vault = vault;
    this.#formats = formats;
    this.#reader = openOriginal(job.original);
    this.#rule = new ScopeRule(job.authority);
  }

  static async open(job: DerivationJob): Promise<UnitRunner> {
    const formats = await Promise.all(job.plans.map(({ format }) => loadFormat(format)));
    // In a thread of its own, or with nothing else to do: handing each call to another thread would cost more than it.
    return new UnitRunner(job, await openVault(job.location, process.env, { blocking: true }), formats);
  }

  /**
   * Computes at once and then waits for the disk; while it waits the next unit may be run. Nothing of a unit's batch
   * is needed once it waits, but where another run's secrets stand: then it is done again, alone.
   */
  async run(unit: UnitJob): Promise<UnitDone> {
    // Checked and begun in one step: between a promise of a turn and taking it another unit could begin.
    while (this.#alone !== null) await this.#alone.catch(() => {});
    this.#meter.lap('store');
    const { batch, decisions, result } = this.#compute(unit);
    const work = unit.countOnly ? [] : this.#prepare(unit.unit, batch, decisions);
    const done = {
      unit: unit.unit,
      tally: tallyOf(batch, decisions),
      counts: result?.counts ?? unit.counts ?? null,
      summary: result?.summary ?? null,
    };
    const stored = await Promise.all(work.map((one) => this.#store(one)));
    const fresh = stored.filter((segment) => segment !== null);
    const segments = fresh.length === stored.length ? fresh : await this.#again(unit);
    return { ...done, segments, spent: this.#meter.take() };
  }

  close(): void {
    for (const decoder of this.#decoders.values()) decoder.close();
    this.#reader.close();
  }

  #decode(unit: UnitJob): UnitResult | null {
    for (const finding of unit.findings ?? []) this.#writer.finding(finding);
    if (unit.decode === undefined) return null;
    return this.#decoder(unit.decode.plan).decode(unit.decode.unit, this.#writer);
  }

  #decoder(index: number): UnitDecoder {
    const known = this.#decoders.get(index);
    if (known !== undefined) return known;
    const plan = this.#job.plans[index] as FilePlan;
    const context = contextOf(this.#job);
    const readers = { reader: this.#reader, scratch: context.scratch };
    const file = captureFile(readers, this.#job.files, plan.file);
    const decoder = (this.#formats[index] as Format).open({ state: plan.state }, file, context);
    this.#decoders.set(index, decoder);
    return decoder;
  }

  #compute(unit: UnitJob): { batch: LeafBatch; decisions: Decisions; result: UnitResult | null } {
    this.#writer.clear();
    const result = this.#decode(unit);
    const batch = this.#writer.batch();
    this.#meter.lap('decode');
    const decisions = this.#rule.decide(batch.facts);
    this.#meter.lap('decide');
    return { batch, decisions, result };
  }

  /** Everything of a unit as bytes of their own. */
  #prepare(unit: number, batch: LeafBatch, decisions: Decisions): SegmentWork[] {
    const { lap } = this.#meter;
    return this.#stretches(unit, batch, decisions).map(({ input, runs }) => {
      const prepared = prepareSegment(input, this.#job.segmentKeys, { scratch: this.#scratch, lap });
      const { from, to } = input;
      return { prepared, runs, tile: buildTile({ batch, from, to, codes: decisions.codes }, this.#job.region, lap) };
    });
  }

  #stretches(unit: number, batch: LeafBatch, decisions: Decisions): { input: SegmentInput; runs: DecisionRuns }[] {
    const all: { input: SegmentInput; runs: DecisionRuns }[] = [];
    for (let from = 0, part = 0; from < batch.count; from += SEGMENT_LEAVES_MAX, part++) {
      const to = Math.min(from + SEGMENT_LEAVES_MAX, batch.count);
      const key = { derive: this.#job.derive, unit, part };
      const input = { key, derive: this.#job.deriveHash, batch, from, to, decisions };
      all.push({ input, runs: decisionRuns(batch, decisions, { from, to }) });
    }
    return all;
  }

  async #store({ prepared, runs, tile }: SegmentWork): Promise<SegmentResult | null> {
    const { indexRecipient, indexIdentities } = this.#job;
    const [stored] = await Promise.all([
      storePrepared(this.#vault, prepared),
      storeTile(this.#vault, segmentLabel(prepared.key), tile, indexRecipient, indexIdentities),
    ]);
    releasePrepared(prepared);
    for (const part of tileParts) releaseBytes(tile[part]);
    return stored && { ...stored, decisions: runs };
  }

  /** With the secrets that stand. The batch lives on while this waits, so no other unit may run meanwhile. */
  async #again(unit: UnitJob): Promise<SegmentResult[]> {
    while (this.#alone !== null) await this.#alone.catch(() => {});
    const work = async (): Promise<SegmentResult[]> => {
      const { batch, decisions } = this.#compute(unit);
      const out: SegmentResult[] = [];
      for (const { input, runs } of this.#stretches(unit.unit, batch, decisions)) {
        const stored = await storeSegment(this.#vault, input, this.#job.segmentKeys);
        out.push({ ...stored, decisions: runs });
      }
      return out;
    };
    const done = work().finally(() => {
      this.#alone = null;
    });
    this.#alone = done;
    return done;
  }
}

/** Context of a decoder in this thread. */
export function contextOf(job: Pick<DerivationJob, 'keys' | 'scratchKey'>): DecodeContext {
  return { keyring: { keys: job.keys }, scratch: new DiskScratch(job.scratchKey) };
}

function tallyOf(batch: LeafBatch, decisions: Decisions): LeafTally {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < decisions.codes.length; i++) counts[decisions.codes[i] as 0 | 1 | 2 | 3]++;
  const findings = batch.count - decisions.codes.length;
  let adverse = 0;
  for (let row = 0; row < findings; row++) if (readFinding(batch.findings, row).class !== 'note') adverse++;
  return { items: decisions.codes.length, findings, adverse, dispositions: counts };
}
