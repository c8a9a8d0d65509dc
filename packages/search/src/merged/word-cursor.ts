import type { PartReader, TextPage } from '../part-reader.ts';
import { Cursor } from './cursor.ts';
import { setKey } from './sort-key.ts';

const NOTHING: TextPage = { bytes: new Uint8Array(0), starts: new Uint32Array(0), ends: new Uint32Array(0) };

/** Goes through the rows of a words part: a run is one row. */
export class WordCursor extends Cursor {
  postings: TextPage = NOTHING;
  row = -1;
  #words: TextPage = NOTHING;

  next(): boolean {
    const row = ++this.row;
    const { bytes, starts, ends } = this.#words;
    if (row >= starts.length) return false;
    setKey(this.key, 0, bytes, { from: starts[row] as number, to: ends[row] as number });
    return true;
  }

  protected openBlock(): void {}

  protected readPage(reader: PartReader, page: number): void {
    this.#words = reader.texts('word', page);
    this.postings = reader.texts('postings', page);
    this.row = -1;
  }
}
