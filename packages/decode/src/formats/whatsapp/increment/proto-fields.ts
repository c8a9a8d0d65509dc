import { ByteReader, CustodyError, utf8DecodeLossy } from '@custody/bytes';

/** One field of a Protocol Buffers message; varints as numbers, all else as views. */
export interface ProtoField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message of any length, in order; null where it is none. */
export function protoFields(message: Uint8Array): ProtoField[] | null {
  const reader = new ByteReader(message);
  const fields: ProtoField[] = [];
  try {
    while (reader.remaining > 0) {
      const key = reader.varintNumber();
      const number = Math.floor(key / 8);
      const value = readValue(reader, key % 8);
      if (number === 0 || value === null) return null;
      fields.push({ number, value });
    }
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
  return fields;
}

function readValue(reader: ByteReader, wireType: number): number | Uint8Array | null {
  if (wireType === 0) return Number(reader.varint());
  if (wireType === 1) return reader.bytes(8);
  if (wireType === 2) return reader.bytes(reader.varintNumber());
  return wireType === 5 ? reader.bytes(4) : null;
}

/** A message by field numbers, of which the last counts. What is no message has no fields. */
export class Proto {
  readonly fields: readonly ProtoField[];

  constructor(bytes: Uint8Array | null) {
    this.fields = bytes === null ? [] : (protoFields(bytes) ?? []);
  }

  bytes(number: number): Uint8Array | null {
    const value = this.fields.findLast((field) => field.number === number)?.value;
    return value instanceof Uint8Array ? value : null;
  }

  /** A text that is not empty. */
  text(number: number): string | null {
    const bytes = this.bytes(number);
    return bytes === null || bytes.length === 0 ? null : utf8DecodeLossy(bytes);
  }

  whole(number: number): number | null {
    const value = this.fields.findLast((field) => field.number === number)?.value;
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
  }

  double(number: number): number | null {
    const bytes = this.bytes(number);
    return bytes?.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true) : null;
  }

  has(number: number): boolean {
    return this.fields.some((field) => field.number === number);
  }

  within(number: number): Proto {
    return new Proto(this.bytes(number));
  }

  all(number: number): Uint8Array[] {
    return this.fields.flatMap((field) =>
      field.number === number && field.value instanceof Uint8Array ? [field.value] : [],
    );
  }
}
