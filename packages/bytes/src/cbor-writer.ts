import { compareCborKeys } from './cbor-key-order.ts';
import type { CborValue } from './cbor-value.ts';
import * as cbor from './cbor-value.ts';
import { type BytesErrorCode, UsageError } from './errors.ts';
import { float16Bits } from './float16.ts';
import { invalidUtf8, utf8ValidUpTo } from './utf8.ts';

const encoder = new TextEncoder();
/** Up to this length a loop beats a call into the engine (TextEncoder, TypedArray.set). */
const SHORT = 40;
/** Initial byte and eight more (RFC 8949 3). */
const LONGEST_HEAD = 9;
const U32_END = 0x1_0000_0000;
const U64_MAX = 0xffff_ffff_ffff_ffffn;

/**
 * Writes deterministic CBOR (RFC 8949 4.2.1) into one growing buffer that `reset()` keeps, so that a record costs no
 * allocation. `array(n)` and `map(n)` only write the head: the caller writes n elements, or n keys in the order of
 * compareCborKeys each followed by its value. `value()` does all that by itself.
 */
export class CborWriter {
  #bytes: Uint8Array;
  #float: DataView;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(Math.max(16, capacity));
    this.#float = new DataView(this.#bytes.buffer);
  }

  /** Bytes written since the last reset. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written and keeps the memory. */
  reset(): this {
    this.#length = 0;
    return this;
  }

  /** What was written, as a view: the next write or reset may change it. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The memory that is written to: `[0, length)` is what `view` gives, without making a view. Changes with the next write. */
  get memory(): Uint8Array {
    return this.#bytes;
  }

  array(count: number): this {
    return this.#head(cbor.CBOR_ARRAY, count);
  }

  map(count: number): this {
    return this.#head(cbor.CBOR_MAP, count);
  }

  /** A safe integer. Throws UsageError CBOR_UNENCODABLE for any other number. */
  int(n: number): this {
    if (!Number.isSafeInteger(n)) throw unencodable('a number that is no safe integer; use value() for floats');
    return n < 0 ? this.#head(cbor.CBOR_NEGATIVE, -1 - n) : this.#head(cbor.CBOR_UNSIGNED, n);
  }

  nil(): this {
    return this.#byte(cbor.CBOR_NULL);
  }

  bool(value: boolean): this {
    return this.#byte(value ? cbor.CBOR_TRUE : cbor.CBOR_FALSE);
  }

  /** Text. A lone surrogate becomes U+FFFD, as everywhere where text is turned into UTF-8. */
  text(text: string): this {
    const size = text.length;
    this.#grow(LONGEST_HEAD + size * 3);
    const start = this.#length;
    const at = start + headSize(size);
    let i = 0;
    if (size <= SHORT) {
      const into = this.#bytes;
      for (; i < size; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        into[at + i] = unit;
      }
    }
    const written = i === size ? size : encoder.encodeInto(text, this.#bytes.subarray(at)).written;
    // The head was laid out for ASCII; UTF-8 that needs a longer one moves up.
    const shift = headSize(written) - headSize(size);
    if (shift > 0) this.#bytes.copyWithin(at + shift, at, at + written);
    this.#head(cbor.CBOR_TEXT, written);
    this.#length += written;
    return this;
  }

  /** Text that is UTF-8 already. Throws FormatError UTF8_INVALID where it is not: decoding would refuse it later. */
  textBytes(source: Uint8Array, start = 0, end: number = source.length): this {
    const valid = utf8ValidUpTo(source, start, end);
    if (valid !== end) throw invalidUtf8(valid);
    return this.#head(cbor.CBOR_TEXT, end - start).#copy(source, start, end);
  }

  bytes(source: Uint8Array, start = 0, end: number = source.length): this {
    return this.#head(cbor.CBOR_BYTES, end - start).#copy(source, start, end);
  }

  /** What stands before a byte string of `length` bytes, where the caller puts the bytes themselves after it. */
  bytesHead(length: number): this {
    return this.#head(cbor.CBOR_BYTES, length);
  }

  /** One value that is encoded already; the caller vouches that it is deterministic CBOR. */
  encoded(source: Uint8Array, start = 0, end: number = source.length): this {
    return this.#copy(source, start, end);
  }

  /**
   * Any value, map keys sorted. Throws UsageError CBOR_UNENCODABLE for integers beyond 64 bits, nesting beyond
   * CBOR_MAX_DEPTH, map keys that are neither text nor safe integers, and values that are no CborValue.
   */
  value(value: CborValue): this {
    return this.#value(value, 0);
  }

  #value(value: CborValue, depth: number): this {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? this.int(value) : this.#writeFloat(value);
      case 'boolean':
        return this.bool(value);
      case 'bigint':
        return this.#bigint(value);
      case 'object':
        return value === null ? this.nil() : this.#container(value, depth);
      default:
        throw unencodable(`a value of type ${typeof value}`);
    }
  }

  #container(value: Exclude<CborValue & object, null>, depth: number): this {
    if (value instanceof Uint8Array) return this.bytes(value);
    if (depth >= cbor.CBOR_MAX_DEPTH) throw unencodable(`nesting deeper than ${cbor.CBOR_MAX_DEPTH}`);
    if (value instanceof Map) return this.#entries(value, depth);
    if (!Array.isArray(value)) throw unencodable('an object that is no array, Map or Uint8Array');
    this.array(value.length);
    for (const element of value as readonly CborValue[]) this.#value(element, depth + 1);
    return this;
  }

  #entries(map: ReadonlyMap<string | number, CborValue>, depth: number): this {
    const keys = [...map.keys()].sort(compareCborKeys);
    this.map(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string | number;
      // Two keys that differ only in lone surrogates have one encoding.
      if (i > 0 && compareCborKeys(keys[i - 1] as string | number, key) === 0) throw unencodable('a map key twice');
      if (typeof key === 'string') this.text(key);
      else this.int(key);
      this.#value(map.get(key) as CborValue, depth + 1);
    }
    return this;
  }

  #bigint(n: bigint): this {
    const negative = n < 0n;
    const magnitude = negative ? -1n - n : n;
    const major = negative ? cbor.CBOR_NEGATIVE : cbor.CBOR_UNSIGNED;
    if (magnitude <= Number.MAX_SAFE_INTEGER) return this.#head(major, Number(magnitude));
    if (magnitude > U64_MAX) throw unencodable('an integer beyond 64 bits');
    this.#grow(LONGEST_HEAD);
    this.#bytes[this.#length] = major | 27;
    this.#float.setBigUint64(this.#length + 1, magnitude);
    this.#length += LONGEST_HEAD;
    return this;
  }

  /** The shortest of the three widths that keeps the value; one NaN (RFC 8949 4.2.2). */
  #writeFloat(value: number): this {
    this.#grow(LONGEST_HEAD);
    const at = this.#length;
    const half = Number.isNaN(value) ? 0x7e00 : float16Bits(value);
    if (half >= 0) {
      this.#bytes[at] = cbor.CBOR_FLOAT16;
      this.#float.setUint16(at + 1, half);
      this.#length = at + 3;
    } else if (Math.fround(value) === value) {
      this.#bytes[at] = cbor.CBOR_FLOAT32;
      this.#float.setFloat32(at + 1, value);
      this.#length = at + 5;
    } else {
      this.#bytes[at] = cbor.CBOR_FLOAT64;
      this.#float.setFloat64(at + 1, value);
      this.#length = at + 9;
    }
    return this;
  }

  #byte(byte: number): this {
    this.#grow(1);
    this.#bytes[this.#length++] = byte;
    return this;
  }

  /** Initial byte and argument in the shortest form (RFC 8949 4.2.1). `n` is a safe integer, not negative. */
  #head(major: number, n: number): this {
    this.#grow(LONGEST_HEAD);
    const into = this.#bytes;
    let at = this.#length;
    if (n < 24) {
      into[at++] = major | n;
    } else if (n < 0x100) {
      into[at++] = major | 24;
      into[at++] = n;
    } else if (n < 0x10000) {
      into[at++] = major | 25;
      into[at++] = n >>> 8;
      into[at++] = n;
    } else {
      into[at++] = major | (n < U32_END ? 26 : 27);
      if (n >= U32_END) at = putU32(into, at, Math.floor(n / U32_END));
      at = putU32(into, at, n >>> 0);
    }
    this.#length = at;
    return this;
  }

  #copy(source: Uint8Array, start: number, end: number): this {
    const size = end - start;
    this.#grow(size);
    const at = this.#length;
    if (size <= SHORT) {
      const into = this.#bytes;
      for (let i = 0; i < size; i++) into[at + i] = source[start + i] as number;
    } else {
      this.#bytes.set(source.subarray(start, end), at);
    }
    this.#length = at + size;
    return this;
  }

  #grow(size: number): void {
    const need = this.#length + size;
    if (need <= this.#bytes.length) return;
    const bigger = new Uint8Array(Math.max(need, this.#bytes.length * 2));
    bigger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bigger;
    this.#float = new DataView(bigger.buffer);
  }
}

function headSize(n: number): number {
  return n < 24 ? 1 : n < 0x100 ? 2 : n < 0x10000 ? 3 : n < U32_END ? 5 : 9;
}

function putU32(into: Uint8Array, at: number, n: number): number {
  into[at] = n >>> 24;
  into[at + 1] = n >>> 16;
  into[at + 2] = n >>> 8;
  into[at + 3] = n;
  return at + 4;
}

function unencodable(what: string): UsageError<BytesErrorCode> {
  return new UsageError('CBOR_UNENCODABLE', `CBOR cannot carry ${what}`);
}
