import { rowBytes } from '@custody/bytes';
import { SEGMENT_LEAVES_MAX } from '@custody/chain';
import { decodeRaw, itemSlot, type LeafBatch } from '@custody/evidence';
import type { LoggedSegment } from '@custody/segment';
import type { CaseDerivation } from './case-state.ts';
import type { Prepared } from './derive.ts';
import { isOriginalGone } from './expunge-plan.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { prepareAgain } from './prepare-again.ts';
import { Redecoding } from './redecoding.ts';
import { SegmentCache } from './selection.ts';

/** An item by its segment and position. */
export interface RawWanted {
  readonly index: number;
  readonly segment: LoggedSegment;
  readonly position: number;
}

/** Reads source records of one derivation; what it has prepared is used until it is closed. */
export class RawReader {
  readonly #case: Case;
  readonly #derivation: CaseDerivation;
  #open: { readonly prepared: Prepared; readonly decoding: Redecoding } | null = null;

  constructor(opened: Case, derivation: CaseDerivation) {
    this.#case = opened;
    this.#derivation = derivation;
  }

  /**
   * Source records of items, by LeafIndex: decoded again from the sealed original, which is where they stay. Needs
   * `source`. What comes back is held against the ledger by whoever verifies the exhibit.
   */
  async read(wanted: readonly RawWanted[]): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const capture = this.#case.state.captures.get(this.#derivation.capture);
    if (capture !== undefined && isOriginalGone(this.#case, capture)) return keptRecords(this.#case, wanted);
    const { decoding } = await this.#prepared();
    const out = new Map<number, readonly Uint8Array[]>();
    for (const [unit, items] of Map.groupBy(wanted, (item) => item.segment.unit)) {
      const batch = decoding.unit(unit);
      for (const item of items) {
        const raw = batch === null ? null : rawOf(batch, item.segment.part * SEGMENT_LEAVES_MAX + item.position);
        if (raw !== null) out.set(item.index, raw);
      }
    }
    return out;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    open?.decoding.close();
    if (open !== null) await closePrepared(open.prepared);
  }

  async #prepared(): Promise<{ readonly decoding: Redecoding }> {
    if (this.#open === null) {
      const { prepared, keys } = await prepareAgain(this.#case, this.#derivation);
      this.#open = { prepared, decoding: new Redecoding(prepared, keys) };
    }
    return this.#open;
  }
}

/** Source records that were kept when the original was destroyed. */
async function keptRecords(
  opened: Case,
  wanted: readonly RawWanted[],
): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
  const out = new Map<number, readonly Uint8Array[]>();
  const cache = new SegmentCache(opened);
  for (const { index, segment, position } of wanted) {
    const found = (await cache.open(segment)).find(position);
    const column = found?.part.content.raw;
    const bytes = column === undefined ? null : rowBytes(column, found?.row ?? 0);
    if (bytes !== null) out.set(index, decodeRaw(bytes));
  }
  return out;
}

function rawOf(batch: LeafBatch, leaf: number): readonly Uint8Array[] | null {
  const column = batch.items[itemSlot.raw - 1];
  const row = batch.rows[leaf];
  if (column === undefined || row === undefined) return null;
  const bytes = rowBytes(column, row);
  return bytes === null ? null : decodeRaw(bytes);
}
