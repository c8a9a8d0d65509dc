/** A value of CBOR or MessagePack. Integers beyond 2^53 are bigints. */
export type BinaryValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly BinaryValue[]
  | ReadonlyMap<BinaryValue, BinaryValue>
  | Tagged;

/** A value with a CBOR tag or a MessagePack extension type. */
export class Tagged {
  readonly tag: number;
  readonly value: BinaryValue;

  constructor(tag: number, value: BinaryValue) {
    this.tag = tag;
    this.value = value;
  }
}

/** The bytes end inside a value: more of them may help. */
export class Incomplete extends Error {}

/** The bytes are no value of the format. */
export class NotBinary extends Error {}

/** Deeper nesting is refused: readers recurse, and a stranger wrote the bytes. */
export const MOST_LEVELS = 64;

/** Reads numbers and stretches, and says when the bytes end. */
export class BinaryCursor {
  at: number;
  readonly bytes: Buffer;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  take(length: number): Buffer {
    if (length > this.bytes.length - this.at) throw new Incomplete('the bytes end inside a value');
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  /** Big-endian, of 1, 2, 4 or 8 bytes. */
  uint(size: number): number | bigint {
    if (size < 8) return this.take(size).readUIntBE(0, size);
    return narrow(this.take(8).readBigUInt64BE());
  }

  /** A count of what must follow, each at least a byte long: a number that cannot be true takes no memory. */
  count(value: number | bigint): number {
    if (typeof value === 'bigint') throw new NotBinary('a length beyond all bounds');
    if (value > this.bytes.length - this.at) throw new Incomplete('the bytes end inside a value');
    return value;
  }

  text(length: number): string {
    try {
      return strict.decode(this.take(length));
    } catch (error) {
      if (error instanceof Incomplete) throw error;
      throw new NotBinary('a text that is not UTF-8');
    }
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** As JSON: bytes in hex, tags left out, names that are no text as their JSON. */
export function jsonText(value: BinaryValue): string {
  if (value instanceof Tagged) return jsonText(value.value);
  if (value instanceof Uint8Array)
    return `"${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}"`;
  if (value instanceof Map) {
    const members = [...value].map(([key, inner]) => `${nameText(key)}:${jsonText(inner)}`);
    return `{${members.join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  return JSON.stringify(value);
}

function nameText(key: BinaryValue): string {
  return JSON.stringify(typeof key === 'string' ? key : jsonText(key).replace(/^"(.*)"$/, '$1'));
}
