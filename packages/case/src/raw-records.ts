import { rowBytes } from '@custody/bytes';
import { SEGMENT_LEAVES_MAX } from '@custody/chain';
import type { UnitDecoder } from '@custody/decode';
import { BatchWriter, decodeRaw, itemSlot, type LeafBatch } from '@custody/evidence';
import { type LoggedSegment, openOriginal } from '@custody/segment';
import { captureFile } from './capture-files.ts';
import type { CaseCapture, CaseDerivation } from './case-state.ts';
import { type Prepared, prepareDerivation } from './derive.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { suppliedKeys } from './resume.ts';

/** An item by its segment and position. */
export interface RawWanted {
  readonly index: number;
  readonly segment: LoggedSegment;
  readonly position: number;
}

/**
 * Source records of items, by LeafIndex: decoded again from the sealed original, which is where they stay. Needs
 * `source`. What comes back is held against the ledger by whoever verifies the exhibit.
 */
export async function rawRecords(
  opened: Case,
  derivation: CaseDerivation,
  wanted: readonly RawWanted[],
): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
  const keys = await suppliedKeys(opened, derivation);
  const capture = opened.state.captures.get(derivation.capture) as CaseCapture;
  const prepared = await prepareDerivation(opened, capture, { keys, format: derivation.wantedFormat });
  const out = new Map<number, readonly Uint8Array[]>();
  const decoding = new Redecoding(prepared, keys);
  try {
    for (const [unit, items] of Map.groupBy(wanted, (item) => item.segment.unit)) {
      const batch = decoding.unit(unit);
      for (const item of items) {
        const raw = batch === null ? null : rawOf(batch, item.segment.part * SEGMENT_LEAVES_MAX + item.position);
        if (raw !== null) out.set(item.index, raw);
      }
    }
    return out;
  } finally {
    decoding.close();
    await closePrepared(prepared);
  }
}

/** Decodes single units of a prepared capture again. */
class Redecoding {
  readonly #prepared: Prepared;
  readonly #reader: ReturnType<typeof openOriginal>;
  readonly #keys: Awaited<ReturnType<typeof suppliedKeys>>;
  readonly #decoders = new Map<number, UnitDecoder>();
  readonly #writer = new BatchWriter();

  constructor(prepared: Prepared, keys: Awaited<ReturnType<typeof suppliedKeys>>) {
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

  close(): void {
    for (const decoder of this.#decoders.values()) decoder.close();
    this.#reader.close();
  }

  #decoder(index: number): UnitDecoder {
    const known = this.#decoders.get(index);
    if (known !== undefined) return known;
    const { file, format, plan } = this.#prepared.plans[index] as Prepared['plans'][number];
    const context = { keyring: { keys: this.#keys }, scratch: this.#prepared.scratch };
    const decoder = format.open(plan, captureFile(this.#reader, this.#prepared.files, file), context);
    this.#decoders.set(index, decoder);
    return decoder;
  }
}

function rawOf(batch: LeafBatch, leaf: number): readonly Uint8Array[] | null {
  const column = batch.items[itemSlot.raw - 1];
  const row = batch.rows[leaf];
  if (column === undefined || row === undefined) return null;
  const bytes = rowBytes(column, row);
  return bytes === null ? null : decodeRaw(bytes);
}
