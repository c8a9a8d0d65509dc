import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { OtrData } from './otr-message.ts';
import type { DirectionKeys } from './session-keys.ts';

/** A type-length-value record behind the text: 0 padding, 1 disconnected, 2-7 SMP, 8 extra symmetric key. */
export interface Tlv {
  readonly type: number;
  readonly length: number;
}

export interface OtrPlaintext {
  /** The text as UTF-8, up to the first NUL. */
  readonly text: Uint8Array;
  readonly tlvs: readonly Tlv[];
  /** True where bytes behind the text are no whole TLVs. */
  readonly rest: boolean;
}

/** Whether the message's MAC is by this key: the test that finds the key of a message. */
export function macFits(message: OtrData, keys: DirectionKeys): boolean {
  return timingSafeEqual(createHmac('sha1', keys.mac).update(message.authenticated).digest(), message.mac);
}

const IV = Buffer.alloc(16);

/** Decrypts under keys that `macFits` found: AES-128-CTR, counter = top half from the message, then zeros. */
export function openData(message: OtrData, keys: DirectionKeys): OtrPlaintext {
  IV.set(message.counter, 0);
  const cipher = createDecipheriv('aes-128-ctr', keys.aes, IV);
  return splitPlaintext(cipher.update(message.ciphertext));
}

function splitPlaintext(plain: Buffer): OtrPlaintext {
  const end = plain.indexOf(0);
  if (end < 0) return { text: plain, tlvs: [], rest: false };
  const tlvs: Tlv[] = [];
  let at = end + 1;
  while (at + 4 <= plain.length) {
    const length = plain.readUInt16BE(at + 2);
    if (at + 4 + length > plain.length) break;
    tlvs.push({ type: plain.readUInt16BE(at), length });
    at += 4 + length;
  }
  return { text: plain.subarray(0, end), tlvs, rest: at !== plain.length };
}
