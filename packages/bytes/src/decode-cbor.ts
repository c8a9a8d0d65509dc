import type { CborLimits, CborValue } from './cbor-value.ts';
import * as cbor from './cbor-value.ts';
import { type BytesErrorCode, FormatError } from './errors.ts';
import { float16Bits, float16Value } from './float16.ts';
import { utf8Decode } from './utf8.ts';

const U32_END = 0x1_0000_0000;
/** From here on the high half of a u64 leaves the safe integers. */
const SAFE_HIGH = 0x20_0000;
/** The one NaN that is accepted (RFC 8949 4.2.2). */
const NAN16 = 0x7e00;

/**
 * The value of one deterministic CBOR item that fills `bytes`: exactly what encodeCbor would write, nothing else, so
 * that equal values have equal hashes. Throws FormatError CBOR_INVALID with the offset. A declared length is held
 * against what is left before anything is made, so the memory taken is bounded by the input.
 */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits = {}): CborValue {
  if (bytes.length > (limits.maxLength ?? Number.POSITIVE_INFINITY))
    throw invalid(0, `longer than ${limits.maxLength}`);
  const decoder = new Decoder(bytes, Math.min(limits.maxDepth ?? cbor.CBOR_MAX_DEPTH, cbor.CBOR_MAX_DEPTH));
  const value = decoder.value(0);
  if (decoder.at !== bytes.length) throw invalid(decoder.at, 'bytes after the end of the value');
  return value;
}

class Decoder {
  at = 0;
  readonly #source: Uint8Array;
  readonly #view: DataView;
  readonly #maxDepth: number;

  constructor(source: Uint8Array, maxDepth: number) {
    this.#source = source;
    this.#view = new DataView(source.buffer, source.byteOffset, source.length);
    this.#maxDepth = maxDepth;
  }

  value(depth: number): CborValue {
    const start = this.at;
    const initial = this.#source[this.#take(1, start)] as number;
    const info = initial & 0x1f;
    switch (initial & 0xe0) {
      case cbor.CBOR_UNSIGNED:
        return this.#argument(info, start);
      case cbor.CBOR_NEGATIVE:
        return negative(this.#argument(info, start));
      case cbor.CBOR_BYTES:
        return this.#byteString(this.#count(info, start, 1));
      case cbor.CBOR_TEXT:
        return this.#text(this.#count(info, start, 1));
      case cbor.CBOR_ARRAY:
        return this.#array(this.#count(info, start, 1), this.#deeper(depth, start));
      case cbor.CBOR_MAP:
        return this.#map(this.#count(info, start, 2), this.#deeper(depth, start));
      case cbor.CBOR_SIMPLE:
        return this.#simple(initial, start);
      default:
        throw invalid(start, 'a tag');
    }
  }

  /** The argument of a head in its shortest form (RFC 8949 3 and 4.2.1). */
  #argument(info: number, start: number): number | bigint {
    if (info < 24) return info;
    if (info > 27) throw invalid(start, info === 31 ? 'an indefinite length' : 'a reserved head');
    const size = 1 << (info - 24);
    const at = this.#take(size, start);
    if (size === 8) return this.#u64(at, start);
    const n = size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
    if (n < (size === 1 ? 24 : size === 2 ? 0x100 : 0x10000)) throw invalid(start, 'a number longer than needed');
    return n;
  }

  #u64(at: number, start: number): number | bigint {
    const high = this.#view.getUint32(at);
    if (high === 0) throw invalid(start, 'a number longer than needed');
    return high < SAFE_HIGH ? high * U32_END + this.#view.getUint32(at + 4) : this.#view.getBigUint64(at);
  }

  /** A count of things of at least `unit` bytes each: no larger than the input can hold. */
  #count(info: number, start: number, unit: number): number {
    const count = this.#argument(info, start);
    if (count > (this.#source.length - this.at) / unit) throw invalid(start, 'a length beyond the end of the input');
    return Number(count);
  }

  #byteString(length: number): Uint8Array {
    this.at += length;
    return this.#source.slice(this.at - length, this.at);
  }

  #text(length: number): string {
    const start = this.at;
    this.at += length;
    try {
      return utf8Decode(this.#source, start, this.at);
    } catch (cause) {
      const offset = cause instanceof FormatError ? Number(cause.detail.offset) : start;
      throw invalid(offset, 'text that is not UTF-8', cause);
    }
  }

  #array(length: number, depth: number): CborValue[] {
    const elements: CborValue[] = [];
    for (let i = 0; i < length; i++) elements.push(this.value(depth));
    return elements;
  }

  #map(length: number, depth: number): Map<string | number, CborValue> {
    const map = new Map<string | number, CborValue>();
    let previous = this.at;
    for (let i = 0; i < length; i++) {
      const start = this.at;
      const key = this.#key(start);
      // Strictly ascending, so duplicates fail here too.
      if (i > 0 && !this.#ascending(previous, start)) throw invalid(start, 'a map key out of order or twice');
      previous = start;
      map.set(key, this.value(depth));
    }
    return map;
  }

  #key(start: number): string | number {
    const major = start < this.#source.length ? (this.#source[start] as number) & 0xe0 : cbor.CBOR_UNSIGNED;
    const known = major === cbor.CBOR_UNSIGNED || major === cbor.CBOR_NEGATIVE || major === cbor.CBOR_TEXT;
    const key = known ? this.value(0) : null;
    if (typeof key !== 'string' && typeof key !== 'number') throw invalid(start, 'a map key of an unknown type');
    return key;
  }

  /** Whether the key that ended at `this.at` follows the one at `previous`: no encoding is a prefix of another. */
  #ascending(previous: number, start: number): boolean {
    for (let i = 0; start + i < this.at; i++) {
      const difference = (this.#source[start + i] as number) - (this.#source[previous + i] as number);
      if (difference !== 0) return difference > 0;
    }
    return false;
  }

  #simple(initial: number, start: number): CborValue {
    switch (initial) {
      case cbor.CBOR_FALSE:
        return false;
      case cbor.CBOR_TRUE:
        return true;
      case cbor.CBOR_NULL:
        return null;
      case cbor.CBOR_FLOAT16:
        return this.#float16(start);
      case cbor.CBOR_FLOAT32:
        return this.#shortest(this.#view.getFloat32(this.#take(4, start)), start, 4);
      case cbor.CBOR_FLOAT64:
        return this.#shortest(this.#view.getFloat64(this.#take(8, start)), start, 8);
      default:
        throw invalid(start, 'a simple value other than false, true and null');
    }
  }

  #float16(start: number): number {
    const bits = this.#view.getUint16(this.#take(2, start));
    const value = float16Value(bits);
    if (Number.isNaN(value) && bits === NAN16) return value;
    return this.#shortest(value, start, 2);
  }

  #shortest(value: number, start: number, size: number): number {
    const integer = Number.isSafeInteger(value) && !Object.is(value, -0);
    const shorter = size > 2 && (float16Bits(value) >= 0 || (size > 4 && Math.fround(value) === value));
    if (integer || shorter || Number.isNaN(value)) throw invalid(start, 'a float that has a shorter form');
    return value;
  }

  #deeper(depth: number, start: number): number {
    if (depth >= this.#maxDepth) throw invalid(start, `nesting deeper than ${this.#maxDepth}`);
    return depth + 1;
  }

  #take(length: number, start: number): number {
    const at = this.at;
    if (length > this.#source.length - at) throw invalid(start, 'the end of the input inside a value');
    this.at = at + length;
    return at;
  }
}

function negative(argument: number | bigint): number | bigint {
  // -1 - (2^53 - 1) is the first integer that is no longer safe.
  return typeof argument === 'number' && argument < Number.MAX_SAFE_INTEGER ? -1 - argument : -1n - BigInt(argument);
}

function invalid(offset: number, what: string, cause?: unknown): FormatError<BytesErrorCode> {
  return new FormatError('CBOR_INVALID', `${what} at offset ${offset} of the CBOR`, { cause, detail: { offset } });
}
