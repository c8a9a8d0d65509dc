import { SIGNATURE_LENGTH } from './ed25519.ts';

/** A Megolm message taken apart: views into its bytes. */
export interface MegolmMessage {
  readonly index: number;
  readonly ciphertext: Uint8Array;
  /** Everything before the MAC: what the MAC covers. */
  readonly authenticated: Uint8Array;
  readonly mac: Uint8Array;
  /** Everything before the signature: what the signature covers. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Version byte of a message (Olm specification, "Megolm message format"). */
const VERSION = 3;
export const MAC_LENGTH = 8;
const TAG_INDEX = 0x08;
const TAG_CIPHERTEXT = 0x12;

/** The parts of a message; null where it has another version or is cut short. */
export function readMegolmMessage(bytes: Uint8Array): MegolmMessage | null {
  const end = bytes.length - MAC_LENGTH - SIGNATURE_LENGTH;
  if (end < 2 || bytes[0] !== VERSION) return null;
  const reader = new FieldReader(bytes, 1, end);
  let index: number | null = null;
  let ciphertext: Uint8Array | null = null;
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === null) return null;
    if ((tag & 7) === 0) {
      const value = reader.varint();
      if (value === null) return null;
      if (tag === TAG_INDEX) index = value;
    } else if ((tag & 7) === 2) {
      const value = reader.bytes();
      if (value === null) return null;
      if (tag === TAG_CIPHERTEXT) ciphertext = value;
    } else return null;
  }
  if (index === null || ciphertext === null || index > 0xffffffff) return null;
  return {
    ...{ index, ciphertext, authenticated: bytes.subarray(0, end), mac: bytes.subarray(end, end + MAC_LENGTH) },
    ...{ signed: bytes.subarray(0, end + MAC_LENGTH), signature: bytes.subarray(end + MAC_LENGTH) },
  };
}

class FieldReader {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.at = from;
    this.#end = end;
  }

  /** Up to 2^49; longer or cut is null. */
  varint(): number | null {
    let value = 0;
    for (let i = 0, scale = 1; i < 7; i++, scale *= 128) {
      if (this.at >= this.#end) return null;
      const byte = this.#bytes[this.at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return null;
  }

  bytes(): Uint8Array | null {
    const length = this.varint();
    if (length === null || length > this.#end - this.at) return null;
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
