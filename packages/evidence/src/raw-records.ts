import type { CborWriter, ColumnBuilder } from '@custody/bytes';

const NOTHING: Uint8Array = new Uint8Array(0);

/** The source records of one item, as ranges of bytes. One object is used for every item. */
export class RawRecords {
  readonly #sources: Uint8Array[] = [];
  /** Start and end of each in its source. */
  readonly #spans: number[] = [];
  #count = 0;
  readonly #last = { source: NOTHING, start: 0, end: 0 };

  add(source: Uint8Array, start: number, end: number): void {
    const i = this.#count++;
    this.#sources[i] = source;
    this.#spans[2 * i] = start;
    this.#spans[2 * i + 1] = end;
  }

  /** The arrays stay: an engine would make them again for every item. */
  clear(): void {
    this.#count = 0;
  }

  /** Appends a row, an array of byte strings, where there is any record. The last one, mostly the only one, is copied once. */
  write(cbor: CborWriter, column: ColumnBuilder): void {
    const last = this.#count - 1;
    if (last < 0) return;
    cbor.reset().array(last + 1);
    for (let i = 0; i < last; i++) {
      cbor.bytes(this.#sources[i] as Uint8Array, this.#spans[2 * i], this.#spans[2 * i + 1]);
    }
    const range = this.#last;
    range.source = this.#sources[last] as Uint8Array;
    range.start = this.#spans[2 * last] as number;
    range.end = this.#spans[2 * last + 1] as number;
    cbor.bytesHead(range.end - range.start);
    column.appendAfter(cbor.memory, cbor.length, range);
  }
}
