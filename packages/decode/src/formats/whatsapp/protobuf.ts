import { ByteReader, FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../../errors.ts';

/** Messages of a prefix nest two deep and have some 40 fields. */
const MOST_FIELDS = 256;

/** One field of a message: varints as numbers, length-delimited values as views. */
export interface ProtobufField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * The fields of one Protocol Buffers message that fills `message`, unknown ones included. Throws FormatError
 * PROTOBUF_INVALID (or what the reader throws) for anything that is no message: groups, a length past the end,
 * field number 0.
 */
export function readProtobuf(message: Uint8Array): readonly ProtobufField[] {
  const reader = new ByteReader(message);
  const fields: ProtobufField[] = [];
  while (reader.remaining > 0) {
    if (fields.length === MOST_FIELDS) throw invalid('too many fields');
    const key = reader.varintNumber();
    const number = Math.floor(key / 8);
    if (number === 0) throw invalid('field number 0');
    fields.push({ number, value: readValue(reader, key % 8) });
  }
  return fields;
}

function readValue(reader: ByteReader, wireType: number): number | Uint8Array {
  if (wireType === 0) return reader.varintNumber();
  if (wireType === 1) return reader.bytes(8);
  if (wireType === 2) return reader.bytes(reader.varintNumber());
  if (wireType === 5) return reader.bytes(4);
  throw invalid(`wire type ${wireType}`);
}

/** The last bytes value of a field, as the encoding rules say for repeated scalars; null where there is none. */
export function bytesField(fields: readonly ProtobufField[], number: number): Uint8Array | null {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? value : null;
}

function invalid(what: string): FormatError<DecodeErrorCode> {
  return new FormatError('PROTOBUF_INVALID', `not a Protocol Buffers message: ${what}`);
}
