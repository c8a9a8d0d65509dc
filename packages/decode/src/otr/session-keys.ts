import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { compareBytes, concatBytes, hexEncode, u32be } from '@custody/bytes';
import { sharedSecret } from './modp-group.ts';

/** The keys of one direction of one pair of DH keys (OTR version 3, "Data Exchange"). */
export interface DirectionKeys {
  readonly aes: KeyObject;
  readonly mac: KeyObject;
  /** The MAC key in hex: what a later message reveals. */
  readonly macHex: string;
}

/** Keys from an AES key alone: the MAC key is its SHA-1. */
export function keysFromAes(aes: Uint8Array): DirectionKeys {
  const mac = createHash('sha1').update(aes).digest();
  return { aes: createSecretKey(aes), mac: createSecretKey(mac), macHex: hexEncode(mac) };
}

export interface DhPair {
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
  /** The exponent of one of the two. */
  readonly exponent: Uint8Array;
  readonly of: 'sender' | 'recipient';
}

/** Keys under which the sender of the pair sends; null where the numbers make no secret. */
export function keysFromDh({ sender, recipient, exponent, of }: DhPair): DirectionKeys | null {
  const secret = sharedSecret(exponent, of === 'sender' ? recipient : sender);
  if (secret === null) return null;
  // The "high" end, whose public key is the larger number, sends with byte 1.
  const high = larger(sender, recipient);
  const input = concatBytes([Uint8Array.of(high ? 1 : 2), u32be(secret.length), secret]);
  return keysFromAes(createHash('sha1').update(input).digest().subarray(0, 16));
}

function larger(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length ? compareBytes(a, b) > 0 : a.length > b.length;
}
