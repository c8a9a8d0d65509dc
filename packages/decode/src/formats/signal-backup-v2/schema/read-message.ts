import { FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../../../errors.ts';
import type { Field, MessageType } from './schema.ts';

/** A value as the schema says; numbers beyond 2^53 are bigints, numbers of an enumeration their names. */
export type Value = number | bigint | boolean | string | Uint8Array | Message | readonly Value[];

/** Fields of a message that were there, by name. A field of proto3 that has its zero value is not written: absent. */
export type Message = { readonly [name: string]: Value | undefined };

/** Fields that the schema does not have: how often, by message and number. */
export type UnknownFields = Map<string, number>;

/** Chat items nest their revisions once; other messages nest at most ten deep. */
const DEEPEST = 32;
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads one message that fills `bytes[start..end)`. Throws FormatError PROTOBUF_INVALID for what is no message: a group,
 * a length past the end, field number 0, nesting beyond 32. Fields that the schema lacks are counted in `unknown`.
 */
export function readMessage(type: MessageType, bytes: Uint8Array, unknown: UnknownFields): Message {
  return new Reader(bytes, unknown).message(type, 0, bytes.length, 0);
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #unknown: UnknownFields;
  #at = 0;

  constructor(bytes: Uint8Array, unknown: UnknownFields) {
    this.#bytes = bytes;
    this.#unknown = unknown;
  }

  message(type: MessageType, start: number, end: number, depth: number): Message {
    if (depth > DEEPEST) throw invalid('messages nested too deep');
    const read: Record<string, Value> = {};
    this.#at = start;
    while (this.#at < end) {
      const key = this.#small(end);
      const [number, wire] = [key >>> 3, key & 7];
      if (number === 0) throw invalid('field number 0');
      const field = type.fields.get(number);
      if (field === undefined || !fits(field, wire)) this.#skip(type, { number, wire, end });
      else this.#field(read, field, { wire, end, depth });
    }
    return read;
  }

  #field(read: Record<string, Value>, field: Field, at: { wire: number; end: number; depth: number }): void {
    if (!field.repeated) {
      read[field.name] = this.#value(field, at);
      return;
    }
    const list = (read[field.name] ?? []) as Value[];
    read[field.name] = list;
    if (at.wire === 2 && wireOf(field) !== 2) {
      // Numbers of a repeated field may stand packed (Protocol Buffers, Encoding).
      const stop = this.#length(at.end);
      while (this.#at < stop) list.push(this.#value(field, { ...at, wire: wireOf(field), end: stop }));
    } else list.push(this.#value(field, at));
  }

  #value(field: Field, { end, depth }: { wire: number; end: number; depth: number }): Value {
    switch (field.type) {
      case 'number':
        return this.#number(end);
      case 'bool':
        return this.#number(end) !== 0;
      case 'enumeration': {
        const number = this.#number(end);
        return field.names[Number(number)] ?? number;
      }
      case 'fixed32':
      case 'float':
        return this.#four(field.type, end);
      default:
        return this.#delimited(field, end, depth);
    }
  }

  #delimited(field: Field, end: number, depth: number): Value {
    const stop = this.#length(end);
    const start = this.#at;
    if (field.message !== null) {
      const read = this.message(field.message, start, stop, depth + 1);
      this.#at = stop;
      return read;
    }
    this.#at = stop;
    const view = this.#bytes.subarray(start, stop);
    return field.type === 'text' ? UTF8.decode(view) : view;
  }

  /** Where a length-delimited value ends. Whoever made the file chose the length: it is held against what is there. */
  #length(end: number): number {
    const length = this.#small(end);
    if (length > end - this.#at) throw invalid('a length past the end');
    return this.#at + length;
  }

  #four(type: 'fixed32' | 'float', end: number): number {
    if (end - this.#at < 4) throw invalid('four bytes past the end');
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 4);
    this.#at += 4;
    return type === 'float' ? view.getFloat32(0, true) : view.getUint32(0, true);
  }

  #small(end: number): number {
    const value = this.#number(end);
    if (typeof value === 'bigint' || value > 0xffffffff) throw invalid('a key or length beyond 32 bits');
    return value;
  }

  #number(end: number): number | bigint {
    let low = 0;
    let unit = 1;
    const start = this.#at;
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte(end);
      low += (byte & 0x7f) * unit;
      if (byte < 0x80) return low;
      unit *= 128;
    }
    this.#at = start;
    return this.#long(end);
  }

  #long(end: number): number | bigint {
    let value = 0n;
    for (let i = 0n; i < 10n; i++) {
      const byte = this.#byte(end);
      value |= BigInt(byte & 0x7f) << (7n * i);
      if (byte < 0x80) {
        const number = BigInt.asUintN(64, value);
        return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number;
      }
    }
    throw invalid('a number beyond 64 bits');
  }

  #byte(end: number): number {
    if (this.#at >= end) throw invalid('a number past the end');
    return this.#bytes[this.#at++] as number;
  }

  #skip(type: MessageType, { number, wire, end }: { number: number; wire: number; end: number }): void {
    const name = `${type.name}.${number}`;
    this.#unknown.set(name, (this.#unknown.get(name) ?? 0) + 1);
    if (wire === 0) this.#number(end);
    else if (wire === 2) this.#at = this.#length(end);
    else if (wire === 1 || wire === 5) {
      const length = wire === 1 ? 8 : 4;
      if (end - this.#at < length) throw invalid('bytes past the end');
      this.#at += length;
    } else throw invalid(`wire type ${wire}`);
  }
}

function wireOf({ type }: Field): number {
  if (type === 'fixed32' || type === 'float') return 5;
  return type === 'number' || type === 'bool' || type === 'enumeration' ? 0 : 2;
}

function fits(field: Field, wire: number): boolean {
  return wire === wireOf(field) || (field.repeated && wire === 2);
}

function invalid(what: string): FormatError<DecodeErrorCode> {
  return new FormatError('PROTOBUF_INVALID', `not a message of a backup: ${what}`);
}
