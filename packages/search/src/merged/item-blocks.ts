import { itemKinds } from '@custody/evidence';
import { PartEncoder } from '../encode-part.ts';
import { BLOCK_ROWS, type Block, type ItemKey } from './block.ts';

export const MERGED_ITEMS = 'merged items 1';

/** Cuts items, given in order of place, into blocks. */
export class ItemBlocks {
  readonly #encoder = new PartEncoder();
  readonly #positions = new Int32Array(BLOCK_ROWS);
  readonly #sentMs = new Float64Array(BLOCK_ROWS);
  readonly #kinds = new Uint8Array(BLOCK_ROWS);
  #rows = 0;
  ready: Block<ItemKey>[] = [];

  /** `sentMs` is NaN for the undated. */
  row(position: number, sentMs: number, kind: number): void {
    const at = this.#rows++;
    this.#positions[at] = position;
    this.#sentMs[at] = sentMs;
    this.#kinds[at] = kind;
    if (this.#rows === BLOCK_ROWS) this.flush();
  }

  flush(): void {
    const rows = this.#rows;
    if (rows === 0) return;
    const sentMs = this.#sentMs.subarray(0, rows);
    const plain = this.#encoder.encode(MERGED_ITEMS, rows, [
      { form: 'int32', name: 'position', values: this.#positions },
      { form: 'int64?', name: 'sentMs', values: sentMs },
      { form: 'choice', name: 'kind', names: itemKinds, codes: this.#kinds },
    ]);
    this.ready.push({ plain, rows, key: { position: this.#positions[0] as number, ...timesOf(sentMs) } });
    this.#rows = 0;
  }
}

function timesOf(sentMs: Float64Array): Omit<ItemKey, 'position'> {
  let minMs = Number.NaN;
  let maxMs = Number.NaN;
  let undated = 0;
  for (const ms of sentMs) {
    if (Number.isNaN(ms)) undated++;
    else {
      if (!(ms >= minMs)) minMs = ms;
      if (!(ms <= maxMs)) maxMs = ms;
    }
  }
  return { minMs, maxMs, undated };
}
