import { FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../../errors.ts';

/** A value of a row: text, integer, real number, bytes or NULL. Integers beyond 2^53 are bigint. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** A row has at most 2,000 columns by default (SQLITE_MAX_COLUMN). */
const MOST_VALUES = 4096;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * An SQL statement with its values, read where it stands: a value is made only when asked for. One object reads one
 * statement after another; what it gives is of the last one.
 */
export class Statement {
  readonly kind = 'statement' as const;
  #bytes: Uint8Array = new Uint8Array(0);
  #sqlStart = 0;
  #sqlEnd = 0;
  #count = 0;
  #at = 0;
  readonly #starts = new Int32Array(MOST_VALUES);
  readonly #ends = new Int32Array(MOST_VALUES);

  /** Reads the message `bytes[start..end)`. Throws FormatError PROTOBUF_INVALID. */
  read(bytes: Uint8Array, start: number, end: number): this {
    this.#bytes = bytes;
    this.#sqlStart = start;
    this.#sqlEnd = start;
    this.#count = 0;
    this.#at = start;
    while (this.#at < end) {
      const key = this.#varint(end);
      if ((key & 7) !== 2) {
        this.#skip(key, end);
        continue;
      }
      const length = this.#varint(end);
      const from = this.#at;
      if (length > end - from) throw invalid('a length past the end');
      this.#at = from + length;
      if (key === 0x0a) [this.#sqlStart, this.#sqlEnd] = [from, this.#at];
      else if (key === 0x12) this.#add(from, this.#at);
      else if (key >>> 3 === 0) throw invalid('field number 0');
    }
    return this;
  }

  /** UTF-8 of the statement, as a view. */
  get sql(): Uint8Array {
    return this.#bytes.subarray(this.#sqlStart, this.#sqlEnd);
  }

  /** Whether the statement is this one: rows of a table come under the same. */
  hasSql(sql: Uint8Array): boolean {
    if (this.#sqlEnd - this.#sqlStart !== sql.length) return false;
    for (let i = 0; i < sql.length; i++) if (sql[i] !== this.#bytes[this.#sqlStart + i]) return false;
    return true;
  }

  get count(): number {
    return this.#count;
  }

  /** Value `i`; null for NULL and for what is not there. */
  value(i: number): SqlValue {
    const end = this.#field(i);
    const bytes = this.#bytes;
    switch (end === 0 ? 0 : (bytes[this.#at++] as number)) {
      case 0x0a: {
        const length = this.#varint(end);
        return utf8.decode(bytes.subarray(this.#at, this.#at + length));
      }
      case 0x10:
        return this.#integer(end);
      case 0x19:
        return new DataView(bytes.buffer, bytes.byteOffset + this.#at, 8).getFloat64(0, true);
      case 0x22: {
        const length = this.#varint(end);
        return bytes.subarray(this.#at, this.#at + length);
      }
      default:
        return null;
    }
  }

  /** UTF-8 of value `i` as a view; null where it is no text. */
  textBytes(i: number): Uint8Array | null {
    const end = this.#field(i);
    if (end === 0 || this.#bytes[this.#at++] !== 0x0a) return null;
    const length = this.#varint(end);
    return this.#bytes.subarray(this.#at, this.#at + length);
  }

  /** Places the reader at the field that counts of value `i`; its end, or 0 where there is none. */
  #field(i: number): number {
    if (i >= this.#count) return 0;
    this.#at = this.#starts[i] as number;
    return this.#ends[i] as number;
  }

  /** Of several fields in a value the last one counts. All are read here once, so that no later reading can fail. */
  #add(start: number, end: number): void {
    if (this.#count === MOST_VALUES) throw invalid('too many values');
    let last = start;
    this.#at = start;
    while (this.#at < end) {
      last = this.#at;
      this.#skip(this.#varint(end), end);
    }
    this.#starts[this.#count] = last;
    this.#ends[this.#count++] = last === end ? 0 : end;
  }

  #skip(key: number, end: number): void {
    if (key >>> 3 === 0) throw invalid('field number 0');
    const wire = key & 7;
    if (wire === 0) this.#integer(end);
    else {
      const length = wire === 2 ? this.#varint(end) : wire === 1 ? 8 : wire === 5 ? 4 : -1;
      if (length < 0 || length > end - this.#at) throw invalid(`wire type ${wire} or a length past the end`);
      this.#at += length;
    }
  }

  /** A key or length: more than 32 bits is neither. */
  #varint(end: number): number {
    let value = 0;
    for (let unit = 1; this.#at < end && unit <= 2 ** 28; unit *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw invalid('a key or length that does not end');
  }

  /** Integers are written as unsigned 64-bit varints of their two's complement. */
  #integer(end: number): number | bigint {
    const start = this.#at;
    let value = 0;
    let unit = 1;
    for (let i = 0; i < 7 && this.#at < end; i++, unit *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    this.#at = start;
    let long = 0n;
    for (let shift = 0n; shift < 70n && this.#at < end; shift += 7n) {
      const byte = this.#bytes[this.#at++] as number;
      long |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      const signed = BigInt.asIntN(64, long);
      return signed <= SAFE && signed >= -SAFE ? Number(signed) : signed;
    }
    throw invalid('a number that does not end');
  }
}

function invalid(what: string): FormatError<DecodeErrorCode> {
  return new FormatError('PROTOBUF_INVALID', `not a statement: ${what}`);
}
