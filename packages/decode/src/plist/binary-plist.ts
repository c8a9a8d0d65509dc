import { FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../errors.ts';
import type { PlistValue } from './plist-value.ts';

/** Objects inside each other. */
const MOST_DEPTH = 64;
/** A list may name one object many times: what is made of it is bounded, whatever the file says. */
const MOST_VALUES = 1_000_000;
const TRAILER = 32;
const MAGIC = 'bplist0';

export function plistInvalid(reason: string): FormatError<DecodeErrorCode> {
  return new FormatError('PLIST_INVALID', `not a property list: ${reason}`);
}

export function isBinaryPlist(bytes: Uint8Array): boolean {
  if (bytes.length < MAGIC.length + TRAILER) return false;
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return false;
  return true;
}

/** Reads a binary property list (format: CFBinaryPList.c of Apple's CF). Throws FormatError PLIST_INVALID. */
export function readBinaryPlist(bytes: Uint8Array): PlistValue {
  if (!isBinaryPlist(bytes)) throw plistInvalid('it does not begin with "bplist0"');
  return new Reader(bytes).read();
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #offsetSize: number;
  readonly #refSize: number;
  readonly #objects: number;
  readonly #top: number;
  readonly #table: number;
  #left = MOST_VALUES;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const trailer = bytes.length - TRAILER;
    this.#offsetSize = bytes[trailer + 6] as number;
    this.#refSize = bytes[trailer + 7] as number;
    this.#objects = this.#uint(trailer + 8, 8);
    this.#top = this.#uint(trailer + 16, 8);
    this.#table = this.#uint(trailer + 24, 8);
    const end = this.#table + this.#objects * this.#offsetSize;
    if (this.#offsetSize < 1 || this.#offsetSize > 8 || this.#refSize < 1 || this.#refSize > 8 || end > trailer) {
      throw plistInvalid('its table of objects does not fit');
    }
  }

  read(): PlistValue {
    return this.#object(this.#top, 0);
  }

  #object(number: number, depth: number): PlistValue {
    if (number >= this.#objects) throw plistInvalid('it names an object that it does not have');
    if (depth > MOST_DEPTH || --this.#left < 0) throw plistInvalid('its objects go round in circles or too deep');
    const at = this.#uint(this.#table + number * this.#offsetSize, this.#offsetSize);
    const marker = this.#byte(at);
    const low = marker & 15;
    switch (marker >>> 4) {
      case 0:
        return low === 8 ? false : low === 9 ? true : null;
      case 1:
        return this.#integer(at + 1, 2 ** low);
      case 2:
        return this.#real(at + 1, 2 ** low);
      case 3:
        return { seconds: this.#real(at + 1, 8) };
      case 8:
        return { uid: this.#uint(at + 1, low + 1) };
      default:
        return this.#sized(marker, at, depth);
    }
  }

  #sized(marker: number, at: number, depth: number): PlistValue {
    const { count, start } = this.#count(marker, at);
    switch (marker >>> 4) {
      case 4:
        return this.#slice(start, count);
      case 5:
        return String.fromCharCode(...this.#shortSlice(start, count));
      case 6:
        return this.#utf16(start, count);
      case 0xa:
      case 0xc:
        return this.#refs(start, count).map((one) => this.#object(one, depth + 1));
      case 0xd: {
        const keys = this.#refs(start, count);
        const values = this.#refs(start + count * this.#refSize, count);
        const dict = new Map<string, PlistValue>();
        keys.forEach((key, i) => {
          const name = this.#object(key, depth + 1);
          if (typeof name === 'string') dict.set(name, this.#object(values[i] as number, depth + 1));
        });
        return dict;
      }
      default:
        throw plistInvalid(`an object has the unknown kind ${marker}`);
    }
  }

  #count(marker: number, at: number): { readonly count: number; readonly start: number } {
    if ((marker & 15) !== 15) return { count: marker & 15, start: at + 1 };
    const size = 2 ** (this.#byte(at + 1) & 15);
    return { count: this.#uint(at + 2, size), start: at + 2 + size };
  }

  #refs(start: number, count: number): number[] {
    this.#slice(start, count * this.#refSize);
    return Array.from({ length: count }, (_, i) => this.#uint(start + i * this.#refSize, this.#refSize));
  }

  #shortSlice(start: number, count: number): Uint8Array {
    // Longer texts would outgrow the stack; none that we read come near.
    return this.#slice(start, count).subarray(0, 65_536);
  }

  #utf16(start: number, count: number): string {
    this.#slice(start, count * 2);
    let text = '';
    for (let i = 0; i < count; i++) text += String.fromCharCode(this.#view.getUint16(start + 2 * i));
    return text.toWellFormed();
  }

  #integer(at: number, size: number): number | bigint {
    if (size < 8) return this.#uint(at, size);
    // Of 16 bytes the upper half only carries the sign of unsigned numbers.
    this.#slice(at, size);
    const value = this.#view.getBigInt64(at + size - 8);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #real(at: number, size: number): number {
    this.#slice(at, size);
    if (size !== 4 && size !== 8) throw plistInvalid(`a number has ${size} bytes`);
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  #slice(at: number, length: number): Uint8Array {
    if (!Number.isSafeInteger(length) || at + length > this.#bytes.length) throw plistInvalid('an object ends outside');
    return this.#bytes.subarray(at, at + length);
  }

  #byte(at: number): number {
    return this.#slice(at, 1)[0] as number;
  }

  /** Big-endian; beyond 2^53 no number of a file of any size is meant. */
  #uint(at: number, size: number): number {
    let value = 0;
    for (const byte of this.#slice(at, size)) value = value * 256 + byte;
    if (value > Number.MAX_SAFE_INTEGER) throw plistInvalid('a number is beyond 2^53');
    return value;
  }
}
