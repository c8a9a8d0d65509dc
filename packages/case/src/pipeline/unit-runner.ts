import { PartScratch, SEGMENT_LEAVES_MAX } from '@custody/chain';
import { type DecodeContext, formatByName, type UnitDecoder, type UnitResult } from '@custody/decode';
import { BatchWriter, type Decisions, LEAF_ITEM, type LeafBatch, readFinding, ScopeRule } from '@custody/evidence';
import { openOriginal, storeSegment } from '@custody/segment';
import { openVault, type SealedReader, type Vault } from '@custody/vault';
import { captureFile } from '../capture-files.ts';
import { DiskScratch } from './disk-scratch.ts';
import { indexSegment } from './index-segment.ts';
import type { DerivationJob, FilePlan, LeafTally, SegmentResult, UnitDone, UnitJob } from './unit-job.ts';

/** Does units of one derivation in the thread it lives in: decode, decide, store, index. */
export class UnitRunner {
  readonly #job: DerivationJob;
  readonly #vault: Vault;
  readonly #reader: SealedReader;
  readonly #rule: ScopeRule;
  readonly #decoders = new Map<number, UnitDecoder>();
  readonly #writer = new BatchWriter();
  readonly #scratch = new PartScratch();

  private constructor(job: DerivationJob, vault: Vault) {
    this.#job = job;
    this.#vault = vault;
    this.#reader = openOriginal(job.original);
    this.#rule = new ScopeRule(job.authority);
  }

  static async open(job: DerivationJob): Promise<UnitRunner> {
    return new UnitRunner(job, await openVault(job.location));
  }

  async run(unit: UnitJob): Promise<UnitDone> {
    const started = performance.now();
    this.#writer.clear();
    const result = this.#decode(unit);
    const batch = this.#writer.batch();
    const decisions = this.#rule.decide(batch.facts);
    const decoded = performance.now();
    const segments = unit.countOnly ? [] : await this.#store(unit.unit, batch, decisions);
    const stored = performance.now();
    if (!unit.countOnly) await this.#index(segments, batch, decisions);
    return {
      unit: unit.unit,
      segments,
      tally: tallyOf(batch, decisions),
      counts: result?.counts ?? null,
      summary: result?.summary ?? null,
      spent: { decode: decoded - started, store: stored - decoded, index: performance.now() - stored },
    };
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
    const file = captureFile(this.#reader, this.#job.files, plan.file);
    const decoder = formatByName(plan.format).open({ state: plan.state }, file, contextOf(this.#job));
    this.#decoders.set(index, decoder);
    return decoder;
  }

  async #store(unit: number, batch: LeafBatch, decisions: Decisions): Promise<SegmentResult[]> {
    const out: SegmentResult[] = [];
    for (let from = 0, part = 0; from < batch.count; from += SEGMENT_LEAVES_MAX, part++) {
      const to = Math.min(from + SEGMENT_LEAVES_MAX, batch.count);
      const key = { derive: this.#job.derive, unit, part };
      const input = { key, derive: this.#job.deriveHash, batch, from, to, decisions };
      const stored = await storeSegment(this.#vault, input, this.#job.segmentKeys, this.#scratch);
      out.push({ ...stored, decisions: runsOf(batch, decisions, { from, to }) });
    }
    return out;
  }

  async #index(segments: readonly SegmentResult[], batch: LeafBatch, decisions: Decisions): Promise<void> {
    const { indexRecipient: recipient, region } = this.#job;
    let from = 0;
    for (const segment of segments) {
      const stretch = { batch, from, to: from + segment.count, codes: decisions.codes };
      await indexSegment(this.#vault, segment.key, stretch, { recipient, region });
      from += segment.count;
    }
  }
}

/** Context of a decoder in this thread. */
export function contextOf(job: Pick<DerivationJob, 'keys' | 'scratchKey'>): DecodeContext {
  return { keyring: { keys: job.keys }, scratch: new DiskScratch(job.scratchKey) };
}

function tallyOf(batch: LeafBatch, decisions: Decisions): LeafTally {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  for (const code of decisions.codes) counts[code as 0 | 1 | 2 | 3]++;
  const findings = batch.count - decisions.codes.length;
  let adverse = 0;
  for (let row = 0; row < findings; row++) if (readFinding(batch.findings, row).class !== 'note') adverse++;
  return { items: decisions.codes.length, findings, adverse, dispositions: counts };
}

function runsOf(
  batch: LeafBatch,
  decisions: Decisions,
  { from, to }: { readonly from: number; readonly to: number },
): [number, number, number][] {
  const runs: [number, number, number][] = [];
  for (let leaf = from; leaf < to; leaf++) {
    if (batch.kinds[leaf] !== LEAF_ITEM) continue;
    const row = batch.rows[leaf] as number;
    const code = decisions.codes[row] as number;
    const rule = decisions.rules[row] as number;
    const last = runs.at(-1);
    if (last !== undefined && last[0] === code && last[1] === rule) last[2]++;
    else runs.push([code, rule, 1]);
  }
  return runs;
}
