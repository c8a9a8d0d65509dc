import { type BytesErrorCode, FormatError } from './errors.ts';

/** Most bytes of a base-128 varint for 64 bits (Protocol Buffers, Encoding). */
const VARINT_BYTES = 10;

/**
 * Reads a region from front to back and never past its end: a length that a stranger wrote is compared with what is
 * there before anything is taken. Throws FormatError READ_PAST_END with the offset and the number of bytes wanted.
 */
export class ByteReader {
  readonly #source: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(source: Uint8Array, start = 0, end: number = source.length) {
    if (!(start >= 0 && start <= end && end <= source.length)) throw pastEnd(start, end - start, source.length - start);
    this.#source = source;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next read begins, counted from the start of the source array. */
  get offset(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#source[this.#take(1)] as number;
  }

  u16be(): number {
    const at = this.#take(2);
    return ((this.#source[at] as number) << 8) | (this.#source[at + 1] as number);
  }

  u16le(): number {
    const at = this.#take(2);
    return (this.#source[at] as number) | ((this.#source[at + 1] as number) << 8);
  }

  u32be(): number {
    const at = this.#take(4);
    const s = this.#source;
    const low = ((s[at + 1] as number) << 16) | ((s[at + 2] as number) << 8) | (s[at + 3] as number);
    return (s[at] as number) * 0x1000000 + low;
  }

  u32le(): number {
    const at = this.#take(4);
    const s = this.#source;
    const low = (s[at] as number) | ((s[at + 1] as number) << 8) | ((s[at + 2] as number) << 16);
    return (s[at + 3] as number) * 0x1000000 + low;
  }

  u64be(): bigint {
    this.#need(8);
    const high = this.u32be();
    return (BigInt(high) << 32n) | BigInt(this.u32be());
  }

  u64le(): bigint {
    this.#need(8);
    const low = this.u32le();
    return (BigInt(this.u32le()) << 32n) | BigInt(low);
  }

  /** The next `length` bytes as a view of the source. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#source.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** All that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** An unsigned 64-bit LEB128 number. Throws VARINT_INVALID beyond 10 bytes or 64 bits. */
  varint(): bigint {
    const start = this.#at;
    let value = 0n;
    for (let i = 0; i < VARINT_BYTES; i++) {
      const byte = this.u8();
      if (i === VARINT_BYTES - 1 && byte > 1) break;
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return value;
    }
    throw badVarint(start, 'more than 64 bits');
  }

  /** As varint(), for a value that must be a safe integer. Throws VARINT_INVALID above 2^53−1. */
  varintNumber(): number {
    const start = this.#at;
    let value = 0;
    let unit = 1;
    for (let i = 0; i < VARINT_BYTES; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * unit;
      unit *= 128;
      if (value > Number.MAX_SAFE_INTEGER) break;
      if (byte < 0x80) return value;
    }
    throw badVarint(start, 'more than 53 bits');
  }

  #need(length: number): void {
    // Written so that NaN and negative lengths fail as well.
    if (!(length >= 0 && length <= this.#end - this.#at)) throw pastEnd(this.#at, length, this.#end - this.#at);
  }

  #take(length: number): number {
    this.#need(length);
    const at = this.#at;
    this.#at = at + length;
    return at;
  }
}

function pastEnd(offset: number, wanted: number, remaining: number): FormatError<BytesErrorCode> {
  const message = `${wanted} bytes wanted at offset ${offset}, ${remaining} are left`;
  return new FormatError('READ_PAST_END', message, { detail: { offset, wanted, remaining } });
}

function badVarint(offset: number, what: string): FormatError<BytesErrorCode> {
  return new FormatError('VARINT_INVALID', `varint of ${what} at offset ${offset}`, { detail: { offset } });
}
