import type { PartReader } from '../part-reader.ts';
import type { PartBlocks } from '../whole-part.ts';
import type { SortKey } from './sort-key.ts';

const EMPTY = new Uint8Array(0);

/** Goes through the rows of one input of a merge, a page at a time: `next` until it says false, then `load`. */
export abstract class Cursor {
  /** Added to the places of the input's leaves. */
  readonly base: number;
  /** Key of the run of rows at hand. */
  readonly key: SortKey = { type: 0, high: 0, low: 0, bytes: EMPTY, from: 0, to: 0 };
  /** False once all rows were gone through. */
  open = true;
  readonly #part: PartBlocks;
  #reader: PartReader | null = null;
  #block = 0;
  #page = 0;

  constructor(part: PartBlocks, base: number) {
    this.#part = part;
    this.base = base;
  }

  /** Steps to the next run within the page. False at its end. */
  abstract next(): boolean;

  protected abstract readPage(reader: PartReader, page: number): void;
  protected abstract openBlock(reader: PartReader): void;

  /** Reads the next page and steps to its first run; closes the cursor where there is none. */
  async load(): Promise<void> {
    for (;;) {
      if (this.#reader !== null && this.#page < this.#reader.pages) {
        this.readPage(this.#reader, this.#page++);
        if (this.next()) return;
      } else if (this.#block < this.#part.blocks) {
        this.#reader = await this.#part.block(this.#block++);
        this.#page = 0;
        this.openBlock(this.#reader);
      } else {
        this.#reader = null;
        this.open = false;
        return;
      }
    }
  }
}
