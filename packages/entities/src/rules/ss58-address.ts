import { blake2b } from '@noble/hashes/blake2.js';
import { byteClass, LOWER, UPPER } from '../byte-class.ts';
import { bitcoinBase58, decodeBase58 } from '../checks/base58.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM, TIER_SHAPE, type TierId } from '../vocabulary.ts';

const DOT = knownType('dot');
const SOL = knownType('sol');
const KEY = 32;
const CHECKSUM = 2;
/** What Substrate hashes before prefix and key. */
const PREAMBLE = new TextEncoder().encode('SS58PRE');

/** Addresses of Polkadot and its kin (SS58): network, key of 32 bytes, two bytes of BLAKE2b-512. */
export const ss58Address: RunRule = {
  shapes: MIXED,
  minLength: 46,
  maxLength: 50,
  match(scan) {
    const decoded = decodeBase58(scan.bytes, scan.runStart, scan.runEnd, bitcoinBase58);
    if (decoded === null || decoded.length < KEY + CHECKSUM + 1 || decoded.length > KEY + CHECKSUM + 2) return;
    const body = decoded.subarray(0, decoded.length - CHECKSUM);
    const message = new Uint8Array(PREAMBLE.length + body.length);
    message.set(PREAMBLE);
    message.set(body, PREAMBLE.length);
    const digest = blake2b(message);
    if (digest[0] !== decoded[body.length] || digest[1] !== decoded[body.length + 1]) return;
    keep(scan, DOT, TIER_CHECKSUM);
  },
};

/** Solana accounts: base58 of exactly 32 bytes, capitals and small letters mixed. */
export const solana: RunRule = {
  shapes: MIXED,
  minLength: 43,
  maxLength: 44,
  match(scan) {
    if (!isMixed(scan)) return;
    const decoded = decodeBase58(scan.bytes, scan.runStart, scan.runEnd, bitcoinBase58);
    if (decoded === null || decoded.length !== KEY) return;
    const before = scan.at(scan.runStart - 1);
    if (before === 0x2f || before === 0x3d || before === 0x5f || before === 0x2d || scan.at(scan.runEnd) === 0x3d)
      return;
    keep(scan, SOL, TIER_SHAPE);
  },
};

function isMixed(scan: Scan): boolean {
  let seen = 0;
  for (let i = scan.runStart; i < scan.runEnd; i++) seen |= byteClass[scan.bytes[i] as number] as number;
  return (seen & UPPER) !== 0 && (seen & LOWER) !== 0;
}

function keep(scan: Scan, type: number, tier: TierId): void {
  scan.found.begin();
  scan.found.putRange(scan.bytes, scan.runStart, scan.runEnd);
  scan.found.report(type, tier, scan.runStart, scan.runEnd);
}
