import { Tokeniser } from '@custody/entities';
import { ByteTable, COUNT, grown, RECORD, SEEN } from './byte-table.ts';
import type { PartColumn } from './part-column.ts';
import { sortedKeys } from './sort-keys.ts';

export const WORDS_LAYOUT = 'words 1';

/**
 * The words of a tile: for each the leaves that hold it. Bodies must be added in order of position. A word's postings
 * are its positions, each as the difference from the one before, in base-128 varints.
 */
export class WordRows {
  readonly #tokeniser = new Tokeniser();
  /** Of each word: SEEN is the position + 1 of the leaf that held it last, COUNT the number of leaves. */
  readonly #table = new ByteTable();
  /** One entry a (word, leaf), in order of leaf. */
  #words = new Uint32Array(1 << 16);
  #leaves = new Uint16Array(1 << 16);
  #length = 0;
  #position = 0;

  clear(): void {
    this.#table.clear();
    this.#length = 0;
  }

  add(position: number, bytes: Uint8Array, start: number, end: number): void {
    this.#position = position;
    this.#tokeniser.tokenise(bytes, start, end, this.#token);
  }

  /** A field, so that no closure is made for a message. */
  readonly #token = (start: number, length: number, hash: number): void => {
    const word = this.#table.add(this.#tokeniser.arena, start, length, hash, 0);
    const { records } = this.#table;
    const record = word * RECORD;
    const mark = this.#position + 1;
    if (records[record + SEEN] === mark) return;
    records[record + SEEN] = mark;
    records[record + COUNT] = (records[record + COUNT] as number) + 1;
    const at = this.#length++;
    if (at === this.#words.length) this.#moreEntries();
    this.#words[at] = word;
    this.#leaves[at] = this.#position;
  };

  /** Rows sorted by the bytes of the word. The columns are valid until `clear`. */
  columns(): { rows: number; columns: PartColumn[] } {
    const table = this.#table;
    const order = sortedKeys(table, null);
    const counts = new Int32Array(order.length);
    for (let row = 0; row < order.length; row++) {
      counts[row] = table.records[(order[row] as number) * RECORD + COUNT] as number;
    }
    const { bytes, spans } = this.#postings(order, counts);
    return {
      rows: order.length,
      columns: [
        { form: 'text', name: 'word', source: table.arena, spans: table.spans(), at: order, bounds: 'sorted' },
        { form: 'int32', name: 'count', values: counts },
        { form: 'bytes', name: 'postings', source: bytes, spans, at: null, bounds: null },
      ],
    };
  }

  /** All postings end to end; those of row i are `bytes[spans[i]..spans[i + 1])`. */
  #postings(order: Uint32Array, counts: Int32Array): { bytes: Uint8Array; spans: Uint32Array } {
    const sorted = this.#leavesByWord(order, counts);
    // A position is below 2^14: at most two bytes.
    const bytes = new Uint8Array(this.#length * 2);
    const spans = new Uint32Array(order.length + 1);
    let length = 0;
    let at = 0;
    for (let row = 0; row < order.length; row++) {
      const end = at + (counts[row] as number);
      length = putSteps(sorted, { at, end }, bytes, length);
      at = end;
      spans[row + 1] = length;
    }
    return { bytes, spans };
  }

  /** Counting sort: leaves of the first word in order, then of the second, and so on. */
  #leavesByWord(order: Uint32Array, counts: Int32Array): Uint16Array {
    const places = new Uint32Array(order.length);
    let sum = 0;
    for (let row = 0; row < order.length; row++) {
      places[order[row] as number] = sum;
      sum += counts[row] as number;
    }
    const sorted = new Uint16Array(this.#length);
    for (let i = 0; i < this.#length; i++) {
      const word = this.#words[i] as number;
      const place = places[word] as number;
      sorted[place] = this.#leaves[i] as number;
      places[word] = place + 1;
    }
    return sorted;
  }

  #moreEntries(): void {
    this.#words = grown(this.#words, this.#words.length * 2);
    const leaves = new Uint16Array(this.#leaves.length * 2);
    leaves.set(this.#leaves);
    this.#leaves = leaves;
  }
}

/**
 * The postings of one word to `bytes` from `length` on; returns the length after them. A function of its own: as the inner
 * of two loops, which a tile runs through once, V8 would compile it for each tile and throw it away.
 */
function putSteps(
  sorted: Uint16Array,
  { at, end }: { readonly at: number; readonly end: number },
  bytes: Uint8Array,
  length: number,
): number {
  let before = 0;
  let to = length;
  for (let i = at; i < end; i++) {
    const position = sorted[i] as number;
    const step = position - before;
    before = position;
    if (step > 0x7f) bytes[to++] = (step & 0x7f) | 0x80;
    bytes[to++] = step > 0x7f ? step >>> 7 : step;
  }
  return to;
}
