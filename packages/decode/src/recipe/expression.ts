import { NUMBER, type RecordValues, TEXT } from '../formats/envelope/record-values.ts';
import type { Slots } from '../profile/slots.ts';
import { decodeText } from './decode-text.ts';
import { isList } from './is-list.ts';
import type { BytesOf, NumberOf } from './recipe.ts';
import { fail } from './step-failure.ts';

/** A record being opened: its fields, and the values made so far by their number. */
export interface Frame {
  readonly record: RecordValues;
  readonly made: (Buffer | undefined)[];
}

export type Evaluate = (frame: Frame) => Buffer;

/** Turns names into numbers, so that nothing is looked up for a record. */
export interface Names {
  readonly slots: Slots;
  readonly numbers: ReadonlyMap<string, number>;
}

export function compileBytes(bytes: BytesOf, names: Names): Evaluate {
  if (typeof bytes === 'string') return madeValue(bytes, names);
  if (isList(bytes)) return concat(bytes.map((part) => compileBytes(part, names)));
  if ('field' in bytes) return field(bytes, names);
  if ('of' in bytes) {
    const whole = madeValue(bytes.of, names);
    return (frame) => cut(whole(frame), bytes.from, bytes.to);
  }
  if ('text' in bytes) return constant(Buffer.from(bytes.text, 'utf8'));
  if ('hex' in bytes) return constant(Buffer.from(bytes.hex, 'hex'));
  return lengthOf(bytes, compileBytes(bytes.lengthOf, names));
}

export function compileNumber(number: NumberOf, names: Names, most: number): (frame: Frame) => number {
  if (typeof number === 'number') return () => number;
  const slot = names.slots.of(number.field);
  return ({ record }) => {
    const text = record.has(slot) ? record.text(slot) : '';
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    return value >= 0 && value <= most ? value : fail('malformed', 'a field that should hold a number does not');
  };
}

function madeValue(name: string, { numbers }: Names): Evaluate {
  const number = numbers.get(name) as number;
  return ({ made }) => made[number] as Buffer;
}

function constant(bytes: Buffer): Evaluate {
  return () => bytes;
}

function concat(parts: readonly Evaluate[]): Evaluate {
  return (frame) => Buffer.concat(parts.map((part) => part(frame)));
}

function field(part: Extract<BytesOf, { field: unknown }>, { slots }: Names): Evaluate {
  const slot = slots.of(part.field);
  const encoding = part.encoding ?? 'utf8';
  return ({ record }) => {
    const kind = record.kinds[slot];
    if (kind !== TEXT && (kind !== NUMBER || encoding === 'base64' || encoding === 'base64url'))
      return fail('malformed', 'a field that the recipe reads is missing');
    const source = record.bytes(slot);
    const bytes = decodeText(encoding, source.subarray(record.starts[slot], record.ends[slot]));
    if (bytes === null) return fail('malformed', `a sealed field is not ${encoding}`);
    return cut(bytes, part.from, part.to);
  };
}

function cut(bytes: Buffer, from: number | undefined, to: number | undefined): Buffer {
  if (from === undefined && to === undefined) return bytes;
  const at = (place: number) => (place < 0 ? bytes.length + place : place);
  const start = at(from ?? 0);
  const end = to === undefined ? bytes.length : at(to);
  if (start < 0 || end < start || end > bytes.length)
    fail('malformed', 'the sealed payload is too short for its parts');
  return bytes.subarray(start, end);
}

function lengthOf({ unit, size, endian }: Extract<BytesOf, { lengthOf: unknown }>, of: Evaluate): Evaluate {
  return (frame) => {
    const out = Buffer.alloc(8);
    const length = BigInt(of(frame).length) * (unit === 'bits' ? 8n : 1n);
    if (endian === 'little') out.writeBigUInt64LE(length);
    else out.writeBigUInt64BE(length);
    return endian === 'little' ? out.subarray(0, size) : out.subarray(8 - size);
  };
}
