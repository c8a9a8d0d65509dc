import { blake256 } from '@noble/hashes/blake1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { bitcoinBase58, decodeBase58 } from '../checks/base58.ts';
import { keccak256 } from '../checks/keccak.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const COIN = knownType('coin');
const ADA = knownType('ada');
const WAVES_LENGTH = 26;
const DECRED_LENGTH = 26;
/** CBOR: an array of two, tag 24, a byte string with its length in one byte. */
const BYRON = [0x82, 0xd8, 0x18, 0x58];

/** Waves (BLAKE2b-256, then Keccak-256) and Decred (BLAKE-256 twice): base58 with a checksum of their own. */
export const hashedAddress: RunRule = {
  shapes: MIXED,
  minLength: 35,
  maxLength: 35,
  match(scan) {
    const first = scan.bytes[scan.runStart];
    if (first !== 0x33 && first !== 0x44 && first !== 0x54) return;
    const decoded = decodeBase58(scan.bytes, scan.runStart, scan.runEnd, bitcoinBase58);
    if (decoded === null || decoded.length !== WAVES_LENGTH) return;
    const isWaves = first === 0x33 && decoded[0] === 1;
    const body = decoded.subarray(0, DECRED_LENGTH - 4);
    const digest = isWaves ? keccak256(blake2b(body, { dkLen: 32 })) : blake256(blake256(body));
    for (let k = 0; k < 4; k++) if (digest[k] !== decoded[body.length + k]) return;
    keep(scan, COIN);
  },
};

/** Cardano addresses of the Byron era: base58 of CBOR with a CRC-32. */
export const byronAddress: RunRule = {
  shapes: MIXED,
  minLength: 50,
  maxLength: 110,
  match(scan) {
    const first = scan.bytes[scan.runStart];
    if (first !== 0x41 && first !== 0x44 && first !== 0x33) return;
    const decoded = decodeBase58(scan.bytes, scan.runStart, scan.runEnd, bitcoinBase58);
    if (decoded === null || BYRON.some((byte, k) => decoded[k] !== byte)) return;
    const length = decoded[BYRON.length] as number;
    const payload = decoded.subarray(5, 5 + length);
    const rest = decoded.subarray(5 + length);
    if (rest.length !== 5 || rest[0] !== 0x1a) return;
    const found = new DataView(rest.buffer, rest.byteOffset + 1, 4).getUint32(0);
    if (crc32(payload) === found) keep(scan, ADA);
  },
};

/** ISO 3309. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

function keep(scan: Scan, type: number): void {
  scan.found.begin();
  scan.found.putRange(scan.bytes, scan.runStart, scan.runEnd);
  scan.found.report(type, TIER_CHECKSUM, scan.runStart, scan.runEnd);
}
