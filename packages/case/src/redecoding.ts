import type { SuppliedKey, UnitDecoder } from '@custody/decode';
import { BatchWriter, type Finding, type LeafBatch } from '@custody/evidence';
import { openOriginal } from '@custody/segment';
import type { SealedReader } from '@custody/vault';
import { captureFile } from './capture-files.ts';
import type { Prepared } from './derive.ts';
import { keepSummary } from './keep-summary.ts';

/** Decodes a prepared capture again, in this thread: single units, or all of them in order. */
export class Redecoding {
  readonly #prepared: Prepared;
  readonly #reader: SealedReader;
  readonly #keys: readonly SuppliedKey[];
  readonly #decoders = new Map<number, UnitDecoder>();
  readonly #writer = new BatchWriter();

  constructor(prepared: Prepared, keys: readonly SuppliedKey[]) {
    this.#prepared = prepared;
    this.#reader = openOriginal(prepared.original);
    this.#keys = keys;
  }

  /** Leaves of unit `number` as the pipeline numbers units: 0 is the capture's findings, then file by file. */
  unit(number: number): LeafBatch | null {
    let before = 1;
    for (const [index, { plan }] of this.#prepared.plans.entries()) {
      const unit = plan.units[number - before];
      if (number >= before && unit !== undefined) {
        this.#writer.clear();
        this.#decoder(index).decode(unit, this.#writer);
        return this.#writer.batch();
      }
      before += plan.units.length;
    }
    return null;
  }

  /** Every unit as the derivation had it: the capture's findings, each file's units, what the whole shows at the end. */
  *all(): Generator<{ readonly number: number; readonly batch: LeafBatch }> {
    const { plans, findings } = this.#prepared;
    yield { number: 0, batch: this.#findings([...findings, ...plans.flatMap(({ plan }) => plan.findings)]) };
    let number = 1;
    const last: Finding[] = [];
    for (const [index, prepared] of plans.entries()) {
      const { format, plan } = prepared;
      const summaries: unknown[] = [];
      for (const unit of plan.units) {
        this.#writer.clear();
        const { summary } = this.#decoder(index).decode(unit, this.#writer);
        keepSummary(prepared, summaries, summary);
        yield { number: number++, batch: this.#writer.batch() };
      }
      last.push(...(format.finish?.(plan, summaries).findings ?? []));
    }
    yield { number, batch: this.#findings(last) };
  }

  #findings(findings: readonly Finding[]): LeafBatch {
    this.#writer.clear();
    for (const finding of findings) this.#writer.finding(finding);
    return this.#writer.batch();
  }

  close(): void {
    for (const decoder of this.#decoders.values()) decoder.close();
    this.#reader.close();
  }

  #decoder(index: number): UnitDecoder {
    const known = this.#decoders.get(index);
    if (known !== undefined) return known;
    const { file, format, plan } = this.#prepared.plans[index] as Prepared['plans'][number];
    const context = { keyring: { keys: this.#keys }, scratch: this.#prepared.scratch };
    const readers = { reader: this.#reader, scratch: context.scratch };
    const decoder = format.open(plan, captureFile(readers, this.#prepared.files, file), context);
    this.#decoders.set(index, decoder);
    return decoder;
  }
}
