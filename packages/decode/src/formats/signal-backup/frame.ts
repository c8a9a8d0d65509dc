import { ByteReader, FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../../errors.ts';
import type { Statement } from './statement.ts';

/** What a frame holds. Lengths are of the blob that follows it. */
export type Frame =
  | Statement
  | { readonly kind: 'attachment'; readonly rowId: number; readonly attachmentId: bigint; readonly length: number }
  | { readonly kind: 'avatar'; readonly name: string; readonly recipient: string; readonly length: number }
  | { readonly kind: 'sticker'; readonly rowId: number; readonly length: number }
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'preference'; readonly file: string; readonly key: string; readonly text: string }
  | { readonly kind: 'key-value'; readonly key: string; readonly text: string | null }
  | { readonly kind: 'end' }
  | { readonly kind: 'unknown'; readonly fields: readonly number[] };

/** A field as it stands: varints as bigint, other values as views. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** A row has at most 2,000 columns by default (SQLITE_MAX_COLUMN); a frame has few other fields. */
const MOST_FIELDS = 4096;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads one decrypted frame; rows are read into `statement`. Throws FormatError PROTOBUF_INVALID (or what the reader throws). */
export function readFrame(source: Uint8Array, statement: Statement, start = 0, end: number = source.length): Frame {
  const row = statementIn(source, start, end);
  if (row !== null) return statement.read(source, row, end);
  const fields = fieldsOf(source.subarray(start, end));
  const [first] = fields;
  const inner = first?.value instanceof Uint8Array ? first.value : null;
  switch (first?.number) {
    case 2:
      return statement.read(need(inner), 0, need(inner).length);
    case 3:
      return preference(fieldsOf(need(inner)));
    case 4:
      return attachment(fieldsOf(need(inner)));
    case 5:
      return { kind: 'version', version: Number(integer(fieldsOf(need(inner)), 1)) };
    case 6:
      return { kind: 'end' };
    case 7:
      return avatar(fieldsOf(need(inner)));
    case 8:
      return sticker(fieldsOf(need(inner)));
    case 9:
      return keyValue(fieldsOf(need(inner)));
    default:
      return { kind: 'unknown', fields: fields.map((field) => field.number) };
  }
}

/** Where the statement of a frame begins that holds nothing else; null for any other frame. */
function statementIn(bytes: Uint8Array, start: number, end: number): number | null {
  if (end <= start || bytes[start] !== 0x12) return null;
  let length = 0;
  for (let at = start + 1, unit = 1; at < start + 5 && at < end; at++, unit *= 128) {
    const byte = bytes[at] as number;
    length += (byte & 0x7f) * unit;
    if (byte < 0x80) return at + 1 + length === end ? at + 1 : null;
  }
  return null;
}

/** The header in front of all frames: IV, salt where there is one, version. */
export function readHeader(bytes: Uint8Array): { iv: Uint8Array; salt: Uint8Array; version: number } | null {
  const [first] = fieldsOf(bytes);
  if (first?.number !== 1 || !(first.value instanceof Uint8Array)) return null;
  const fields = fieldsOf(first.value);
  const iv = bytesOf(fields, 1);
  if (iv === null) return null;
  return { iv, salt: bytesOf(fields, 2) ?? new Uint8Array(0), version: Number(integer(fields, 3)) };
}

function attachment(fields: readonly Field[]): Frame {
  const [rowId, length] = [Number(integer(fields, 1)), Number(integer(fields, 3))];
  return { kind: 'attachment', rowId, attachmentId: BigInt.asIntN(64, integer(fields, 2)), length };
}

function avatar(fields: readonly Field[]): Frame {
  const [name, recipient] = [textOf(fields, 1), textOf(fields, 3)];
  return { kind: 'avatar', name, recipient, length: Number(integer(fields, 2)) };
}

function sticker(fields: readonly Field[]): Frame {
  return { kind: 'sticker', rowId: Number(integer(fields, 1)), length: Number(integer(fields, 2)) };
}

function preference(fields: readonly Field[]): Frame {
  return { kind: 'preference', file: textOf(fields, 1), key: textOf(fields, 2), text: textOf(fields, 3) };
}

function keyValue(fields: readonly Field[]): Frame {
  const text = bytesOf(fields, 7);
  return { kind: 'key-value', key: textOf(fields, 1), text: text === null ? null : utf8.decode(text) };
}

/** All fields of a message, in their order. Throws FormatError. */
export function fieldsOf(message: Uint8Array): Field[] {
  const reader = new ByteReader(message);
  const fields: Field[] = [];
  while (reader.remaining > 0) {
    if (fields.length === MOST_FIELDS) throw invalid('too many fields');
    const key = reader.varintNumber();
    const number = Math.floor(key / 8);
    if (number === 0) throw invalid('field number 0');
    fields.push({ number, value: fieldValue(reader, key % 8) });
  }
  return fields;
}

function fieldValue(reader: ByteReader, wireType: number): bigint | Uint8Array {
  if (wireType === 0) return reader.varint();
  if (wireType === 1) return reader.bytes(8);
  if (wireType === 2) return reader.bytes(reader.varintNumber());
  if (wireType === 5) return reader.bytes(4);
  throw invalid(`wire type ${wireType}`);
}

function bytesOf(fields: readonly Field[], number: number): Uint8Array | null {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? value : null;
}

export function textOf(fields: readonly Field[], number: number): string {
  const value = bytesOf(fields, number);
  return value === null ? '' : utf8.decode(value);
}

export function integer(fields: readonly Field[], number: number): bigint {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? value : 0n;
}

function need(value: bigint | Uint8Array | null): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw invalid('a message where a number stands');
}

function invalid(what: string): FormatError<DecodeErrorCode> {
  return new FormatError('PROTOBUF_INVALID', `not a frame: ${what}`);
}
