import { blake2b } from '@noble/hashes/blake2.js';
import { sha512_256 } from '@noble/hashes/sha2.js';
import { lowerByte } from '../byte-class.ts';
import { keccak256 } from '../checks/keccak.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const NANO = knownType('nano');
const ALGO = knownType('algo');
const COIN = knownType('coin');
const RFC4648 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const NANO_ALPHABET = '13456789abcdefghijkmnopqrstuwxyz';
const NANO_LENGTH = 60;
const UNDERSCORE = 0x5f;

/** Nano accounts: 52 characters of key behind four bits of nought, eight of BLAKE2b-40 turned round. */
export const nano: RunRule = {
  shapes: MIXED,
  minLength: NANO_LENGTH,
  maxLength: NANO_LENGTH,
  match(scan) {
    const prefix = nanoPrefix(scan);
    const first = scan.bytes[scan.runStart];
    if (prefix === 0 || (first !== 0x31 && first !== 0x33)) return;
    const key = decode(scan, { from: 0, count: 52, alphabet: NANO_ALPHABET, skip: 4 });
    const sum = decode(scan, { from: 52, count: 8, alphabet: NANO_ALPHABET, skip: 0 });
    if (key === null || sum === null) return;
    const digest = blake2b(key, { dkLen: 5 }).reverse();
    if (digest.some((byte, k) => byte !== sum[k])) return;
    const start = scan.runStart - prefix;
    scan.found.begin();
    for (let i = start; i < scan.runEnd; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    scan.found.report(NANO, TIER_CHECKSUM, start, scan.runEnd);
  },
};

/** Algorand: a key of 32 bytes and four of SHA-512/256. */
export const algorand: RunRule = {
  shapes: MIXED,
  minLength: 58,
  maxLength: 58,
  match(scan) {
    const decoded = decode(scan, { from: 0, count: 58, alphabet: RFC4648, skip: 0 });
    if (decoded === null) return;
    const digest = sha512_256(decoded.subarray(0, 32)).subarray(28);
    if (digest.some((byte, k) => byte !== decoded[32 + k])) return;
    keep(scan, ALGO);
  },
};

/** NEM: network, hash of 20 bytes and four of Keccak-256. */
export const nem: RunRule = {
  shapes: MIXED,
  minLength: 40,
  maxLength: 40,
  match(scan) {
    const first = scan.bytes[scan.runStart];
    if (first !== 0x4e && first !== 0x54 && first !== 0x4d) return;
    const decoded = decode(scan, { from: 0, count: 40, alphabet: RFC4648, skip: 0 });
    if (decoded === null) return;
    const digest = keccak256(decoded.subarray(0, 21));
    for (let k = 0; k < 4; k++) if (digest[k] !== decoded[21 + k]) return;
    keep(scan, COIN);
  },
};

/** Length of `nano_` or `xrb_` before the run, or 0. */
function nanoPrefix(scan: Scan): number {
  if (scan.at(scan.runStart - 1) !== UNDERSCORE) return 0;
  for (const prefix of ['nano_', 'xrb_']) {
    let k = 0;
    while (k < prefix.length && lowerByte(scan.at(scan.runStart - prefix.length + k)) === prefix.charCodeAt(k)) k++;
    if (k === prefix.length) return k;
  }
  return 0;
}

interface Base32Part {
  readonly from: number;
  readonly count: number;
  readonly alphabet: string;
  /** Leading bits that are padding. */
  readonly skip: number;
}

/** Whole bytes of base32 characters, or null where one is foreign. */
function decode(scan: Scan, { from, count, alphabet, skip }: Base32Part): Uint8Array | null {
  const decoded = new Uint8Array((count * 5 - skip) >> 3);
  let held = 0;
  let bits = -skip;
  let length = 0;
  for (let k = 0; k < count; k++) {
    const value = alphabet.indexOf(String.fromCharCode(scan.at(scan.runStart + from + k)));
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    decoded[length++] = (held >> bits) & 0xff;
  }
  return decoded;
}

function keep(scan: Scan, type: number): void {
  scan.found.begin();
  scan.found.putRange(scan.bytes, scan.runStart, scan.runEnd);
  scan.found.report(type, TIER_CHECKSUM, scan.runStart, scan.runEnd);
}
