import { FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../../errors.ts';

/** A value of a row: text, integer, real number, bytes or NULL. Integers beyond 2^53 are bigint. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** A row has at most 2,000 columns by default (SQLITE_MAX_COLUMN). */
const MOST_VALUES = 4096;
const VALUE_KEY = 0x12;
const TEXT_KEY = 0x0a;
const INTEGER_KEY = 0x10;
const NULL_KEY = 0x28;
/** Bytes of a 64-bit varint. */
const LONGEST_INTEGER = 10;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * An SQL statement with its values, read where it stands: a value is made only when asked for. One object reads one
 * statement after another; what it gives is of the last one.
 */
export class Statement {
  readonly kind = 'statement' as const;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Over all of the memory that the bytes lie in. */
  #words: DataView = new DataView(new ArrayBuffer(0));
  #sqlStart = 0;
  #sqlEnd = 0;
  #count = 0;
  #at = 0;
  readonly #starts = new Int32Array(MOST_VALUES);
  readonly #ends = new Int32Array(MOST_VALUES);
  #saidCount = 0;
  readonly #said = new Int32Array(MOST_VALUES);

  /** Reads the message `bytes[start..end)`. Throws FormatError PROTOBUF_INVALID. */
  read(bytes: Uint8Array, start: number, end: number): this {
    if (bytes.buffer !== this.#words.buffer) this.#words = new DataView(bytes.buffer);
    this.#bytes = bytes;
    this.#sqlStart = start;
    this.#sqlEnd = start;
    this.#count = 0;
    this.#saidCount = 0;
    let at = start;
    while (at < end) {
      at = this.#readShort(at, end);
      if (at >= end) break;
      this.#at = at;
      this.#readField(end);
      at = this.#at;
    }
    return this;
  }

  /**
   * Most values are short and hold one integer, one NULL or one short text, and nothing else: those are read here, from
   * `from` on. Gives where something stands that is to be read with care.
   */
  #readShort(from: number, end: number): number {
    const bytes = this.#bytes;
    const starts = this.#starts;
    const ends = this.#ends;
    let at = from;
    let count = this.#count;
    let said = this.#saidCount;
    for (; at + 4 <= end && bytes[at] === VALUE_KEY && count < MOST_VALUES; count++) {
      const next = at + 2 + (bytes[at + 1] as number);
      const key = bytes[at + 2] as number;
      const first = bytes[at + 3] as number;
      if (next !== at + 4 || first >= 0x80 || (key !== INTEGER_KEY && key !== NULL_KEY)) {
        if (next - at < 4 || next - at >= 0x82 || next > end || !this.#isShort(at + 2, next)) break;
        if (key !== NULL_KEY) this.#said[said++] = count;
      } else if (key === INTEGER_KEY && first !== 0) this.#said[said++] = count;
      starts[count] = at + 2;
      ends[count] = next;
      at = next;
    }
    this.#count = count;
    this.#saidCount = said;
    return at;
  }

  /** Whether a value is one integer, one NULL or one short text and nothing else. */
  #isShort(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const key = bytes[start];
    if (key === TEXT_KEY) return (bytes[start + 1] as number) === end - start - 2;
    if (key !== INTEGER_KEY && key !== NULL_KEY) return false;
    let at = start + 1;
    while (at < end && (bytes[at] as number) >= 0x80) at++;
    return at === end - 1 && end - start <= LONGEST_INTEGER + 1;
  }

  #readField(end: number): void {
    const key = this.#varint(end);
    if ((key & 7) !== 2) {
      this.#skip(key, end);
      return;
    }
    const length = this.#varint(end);
    const from = this.#at;
    if (length > end - from) throw invalid('a length past the end');
    const until = from + length;
    if (key === 0x0a) {
      this.#sqlStart = from;
      this.#sqlEnd = until;
    } else if (key === VALUE_KEY) this.#add(from, until);
    else if (key >>> 3 === 0) throw invalid('field number 0');
    this.#at = until;
  }

  /** UTF-8 of the statement, as a view. */
  get sql(): Uint8Array {
    return this.#bytes.subarray(this.#sqlStart, this.#sqlEnd);
  }

  /** Whether the statement is this one: rows of a table come under the same. A view of its bytes, from their start on. */
  hasSql(sql: DataView): boolean {
    const length = sql.byteLength;
    if (this.#sqlEnd - this.#sqlStart !== length) return false;
    const words = this.#words;
    const from = this.#bytes.byteOffset + this.#sqlStart;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (sql.getInt32(i, true) !== words.getInt32(from + i, true)) return false;
    for (; i < length; i++) if (sql.getUint8(i) !== words.getUint8(from + i)) return false;
    return true;
  }

  get count(): number {
    return this.#count;
  }

  /** How many values may say something; `isNothing` is true of all others. */
  get saidCount(): number {
    return this.#saidCount;
  }

  /** The value that is the n-th of those, in the order of the row. */
  saidAt(n: number): number {
    return this.#said[n] as number;
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

  /** Whether value `i` is 0, -1, an empty text, NULL or not there, as the app writes where there is nothing to say. */
  isNothing(i: number): boolean {
    if (i >= this.#count) return true;
    const start = this.#starts[i] as number;
    const end = this.#ends[i] as number;
    const key = this.#bytes[start];
    if (end === 0 || key === NULL_KEY) return true;
    const second = this.#bytes[start + 1] as number;
    const last = this.#bytes[end - 1] as number;
    // Told by a few bytes, but where a writer spelt a value at more length than it needs.
    if (key === INTEGER_KEY && end - start === 2) return second === 0;
    if (key === INTEGER_KEY && last !== 0 && end - start <= LONGEST_INTEGER) return false;
    if (key === TEXT_KEY && second !== 0x80) return second === 0;
    const value = this.value(i);
    return value === null || value === 0 || value === -1 || value === '';
  }

  /** Value `i` where it is an integer that 53 bits hold, as row ids and times are; else null. */
  safeInteger(i: number): number | null {
    const end = this.#field(i);
    if (end === 0) return null;
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at++] !== INTEGER_KEY) return null;
    let value = 0;
    for (let unit = 1; at < end && unit < 2 ** 49; unit *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    const long = this.value(i);
    return typeof long === 'number' && Number.isSafeInteger(long) ? long : null;
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
    this.#said[this.#saidCount++] = this.#count;
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

  /** What the app writes most where it has no number; it has all bits set. */
  #isMinusOne(start: number): boolean {
    const last = start + LONGEST_INTEGER - 1;
    if (this.#bytes[last] !== 1) return false;
    for (let i = start; i < last; i++) if (this.#bytes[i] !== 0xff) return false;
    this.#at = last + 1;
    return true;
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
    if (end - start === LONGEST_INTEGER && this.#isMinusOne(start)) return -1;
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
