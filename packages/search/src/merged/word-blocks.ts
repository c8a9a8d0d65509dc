import { PartEncoder } from '../encode-part.ts';
import { BLOCK_BYTES, BLOCK_ROWS, type Block, type WordKey } from './block.ts';
import { ByteArena } from './byte-arena.ts';

export const MERGED_WORDS = 'merged words 1';

/** Leaves in one row: a word that more leaves hold has several rows, so that no row grows with the tile. */
export const MOST_POSTINGS = 4096;
/** A place is below 2^28. */
const LONGEST_VARINT = 4;

interface WordSpan {
  readonly source: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts words and their postings, given in order, into rows and blocks. Every row of a word but its last has
 * MOST_POSTINGS leaves; the first of each row is stored as it is, the others as differences.
 */
export class WordBlocks {
  readonly #encoder = new PartEncoder();
  readonly #words = new ByteArena();
  readonly #postings = new ByteArena();
  readonly #wordAt = new Uint32Array(BLOCK_ROWS);
  readonly #counts = new Int32Array(BLOCK_ROWS);
  readonly #row = new Uint8Array(MOST_POSTINGS * LONGEST_VARINT);
  #rows = 0;
  #bytes = 0;
  #length = 0;
  #count = 0;
  #before = 0;
  #word: WordSpan | null = null;
  #wordNumber = -1;
  ready: Block<WordKey>[] = [];

  /** Postings that follow are of this word. The bytes must stay as they are until `end`. */
  begin(source: Uint8Array, from: number, to: number): void {
    this.#word = { source, from, to };
    this.#wordNumber = -1;
  }

  /** Differences in base-128 varints, the first of them from `base`. Places go on rising from call to call. */
  add(
    postings: Uint8Array,
    { from, to, base }: { readonly from: number; readonly to: number; readonly base: number },
  ): void {
    let position = base;
    for (let at = from; at < to; ) {
      let byte = postings[at++] as number;
      let step = byte & 0x7f;
      for (let shift = 7; byte > 0x7f && at < to; shift += 7) {
        byte = postings[at++] as number;
        step |= (byte & 0x7f) << shift;
      }
      position += step;
      this.#put(position);
    }
  }

  #put(position: number): void {
    const row = this.#row;
    let at = this.#length;
    let step = position - this.#before;
    while (step > 0x7f) {
      row[at++] = (step & 0x7f) | 0x80;
      step >>>= 7;
    }
    row[at++] = step;
    this.#length = at;
    this.#before = position;
    if (++this.#count === MOST_POSTINGS) this.#endRow();
  }

  /** The word has no more postings. */
  end(): void {
    if (this.#count > 0) this.#endRow();
    this.#word = null;
  }

  #endRow(): void {
    const { source, from, to } = this.#word as WordSpan;
    if (this.#wordNumber < 0) this.#wordNumber = this.#words.add(source, from, to);
    const at = this.#rows++;
    this.#wordAt[at] = this.#wordNumber;
    this.#counts[at] = this.#count;
    this.#postings.add(this.#row, 0, this.#length);
    this.#bytes += this.#length + to - from;
    this.#length = 0;
    this.#count = 0;
    this.#before = 0;
    if (this.#rows === BLOCK_ROWS || this.#bytes >= BLOCK_BYTES) this.flush();
  }

  flush(): void {
    if (this.#rows === 0) return;
    const words = this.#words;
    const plain = this.#encoder.encode(MERGED_WORDS, this.#rows, [
      { form: 'text', name: 'word', source: words.bytes, spans: words.spans, at: this.#wordAt, bounds: 'sorted' },
      { form: 'int32', name: 'count', values: this.#counts },
      {
        form: 'bytes',
        name: 'postings',
        source: this.#postings.bytes,
        spans: this.#postings.spans,
        at: null,
        bounds: null,
      },
    ]);
    this.ready.push({ plain, rows: this.#rows, key: { word: words.bytes.slice(0, words.spans[1]) } });
    this.#rows = 0;
    this.#bytes = 0;
    this.#wordNumber = -1;
    words.clear();
    this.#postings.clear();
  }
}
