/**
 * Values of one field over many rows, laid end to end: row `i` is
 * `bytes[ends[i-1] .. ends[i])`. A row may be absent, which is not the same as empty.
 */
export interface ByteColumn {
  readonly bytes: Uint8Array;
  /** One entry a row: the offset just past its value. */
  readonly ends: Uint32Array;
  /** One byte a row: 1 where the value is absent (then its length is 0). */
  readonly absent: Uint8Array;
}

const encoder = new TextEncoder();
/** Below this many UTF-16 units a loop beats the call into TextEncoder. */
const SHORT_TEXT = 24;

/** Up to this many bytes a loop beats making a view and calling `set`. */
const LOOP_COPY = 96;

/** Bytes `source[start..end)`. */
export interface SourceRange {
  readonly source: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Grows a ByteColumn row by row without an object per row. */
export class ColumnBuilder {
  #bytes: Uint8Array;
  #ends: Uint32Array;
  #absent: Uint8Array;
  #rows = 0;
  #length = 0;

  constructor(rows = 64, bytes = 1024) {
    this.#bytes = new Uint8Array(bytes);
    this.#ends = new Uint32Array(rows);
    this.#absent = new Uint8Array(rows);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Appends one row copied from `source[start..end)`. */
  append(source: Uint8Array, start = 0, end: number = source.length): void {
    const size = end - start;
    const at = this.#grow(size);
    if (size <= LOOP_COPY) {
      const into = this.#bytes;
      for (let i = 0; i < size; i++) into[at + i] = source[start + i] as number;
    } else {
      this.#bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), at);
    }
    this.#length = at + size;
    this.#finish(0);
  }

  /** Appends one row of `head[0..headEnd)` and then `source[start..end)`, which are copied once. */
  appendAfter(head: Uint8Array, headEnd: number, { source, start, end }: SourceRange): void {
    const at = this.#grow(headEnd + end - start);
    const into = this.#bytes;
    for (let i = 0; i < headEnd; i++) into[at + i] = head[i] as number;
    into.set(source.subarray(start, end), at + headEnd);
    this.#length = at + headEnd + end - start;
    this.#finish(0);
  }

  /** Appends one row of UTF-8. Lone surrogates become U+FFFD, as TextEncoder does. */
  appendText(text: string): void {
    const at = this.#grow(text.length * 3);
    this.#length = at + this.#writeText(text, at);
    this.#finish(0);
  }

  appendAbsent(): void {
    this.#finish(1);
  }

  /** The column so far, as views: copy before building on if they must outlive this builder. */
  view(): ByteColumn {
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      ends: this.#ends.subarray(0, this.#rows),
      absent: this.#absent.subarray(0, this.#rows),
    };
  }

  /** Forgets all rows and keeps the memory. Views handed out before are overwritten. */
  clear(): void {
    this.#rows = 0;
    this.#length = 0;
  }

  #writeText(text: string, at: number): number {
    const into = this.#bytes;
    if (text.length <= SHORT_TEXT) {
      let i = 0;
      for (; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        into[at + i] = unit;
      }
      if (i === text.length) return i;
    }
    return encoder.encodeInto(text, into.subarray(at)).written;
  }

  #grow(size: number): number {
    const need = this.#length + size;
    if (need > this.#bytes.length) {
      const bigger = new Uint8Array(Math.max(need, this.#bytes.length * 2));
      bigger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = bigger;
    }
    return this.#length;
  }

  #finish(absent: number): void {
    if (this.#rows === this.#ends.length) this.#moreRows();
    this.#ends[this.#rows] = this.#length;
    this.#absent[this.#rows] = absent;
    this.#rows++;
  }

  #moreRows(): void {
    const ends = new Uint32Array(this.#rows * 2);
    ends.set(this.#ends);
    this.#ends = ends;
    const absent = new Uint8Array(this.#rows * 2);
    absent.set(this.#absent);
    this.#absent = absent;
  }
}

/** Offset of row `i` in `column.bytes`. */
export function rowStart(column: ByteColumn, i: number): number {
  return i === 0 ? 0 : (column.ends[i - 1] as number);
}

/** The bytes of row `i` as a view, or null where it is absent. */
export function rowBytes(column: ByteColumn, i: number): Uint8Array | null {
  if (column.absent[i] === 1) return null;
  return column.bytes.subarray(rowStart(column, i), column.ends[i]);
}

/** A new column of the rows named, in that order. */
export function selectRows(column: ByteColumn, rows: ArrayLike<number>): ByteColumn {
  const builder = new ColumnBuilder(Math.max(1, rows.length), Math.max(16, column.bytes.length));
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r] as number;
    if (column.absent[i] === 1) builder.appendAbsent();
    else builder.append(column.bytes, rowStart(column, i), column.ends[i]);
  }
  return builder.view();
}
