import { CborWriter, type ColumnBuilder, type SourceRange } from '@custody/bytes';
import { encodeInstant } from './encode-fields.ts';
import type { Instant } from './item.ts';
import { byKey } from './key-order.ts';

/** The further times of one item, each encoded as it comes. One object is used for every item. */
export class TimeEntries {
  readonly #cbor = new CborWriter();
  readonly #names: string[] = [];
  /** Where the entry, name and instant, lies in what is encoded. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  add(name: string, instant: Instant): void {
    encodeInstant(this.#begin(name), instant);
    this.#end(name);
  }

  /** An instant whose raw text is UTF-8 in a range; `tail` is its encoded statement. Throws FormatError UTF8_INVALID. */
  addBytes(name: string, utc: number | null, tail: Uint8Array, { source, start, end }: SourceRange): void {
    const cbor = this.#begin(name).array(5);
    if (utc === null) cbor.nil();
    else cbor.int(utc);
    cbor.textBytes(source, start, end).encoded(tail);
    this.#end(name);
  }

  /** Appends a row, a map of name to instant, where there is any. Throws where a name came twice. */
  write(cbor: CborWriter, column: ColumnBuilder): void {
    const count = this.#count;
    if (count === 0) return;
    cbor.reset().map(count);
    if (count === 1) this.#copy(cbor, 0);
    else {
      const inOrder = this.#names.slice(0, count).map((name, i): [string, number] => [name, i]);
      for (const [, i] of inOrder.sort(byKey)) this.#copy(cbor, i);
    }
    column.append(cbor.memory, 0, cbor.length);
  }

  #copy(cbor: CborWriter, i: number): void {
    cbor.encoded(this.#cbor.memory, this.#starts[i], this.#ends[i]);
  }

  #begin(name: string): CborWriter {
    if (this.#count === 0) this.#cbor.reset();
    this.#starts[this.#count] = this.#cbor.length;
    return this.#cbor.text(name);
  }

  #end(name: string): void {
    this.#names[this.#count] = name;
    this.#ends[this.#count++] = this.#cbor.length;
  }
}
