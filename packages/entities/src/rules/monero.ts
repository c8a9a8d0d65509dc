import { bitcoinBase58 } from '../checks/base58.ts';
import { keccak256 } from '../checks/keccak.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const XMR = knownType('xmr');
const STANDARD = 95;
const INTEGRATED = 106;
/** Blocks of 8 bytes are 11 characters; the last of 5 bytes is 7 (Monero's base58). */
const BLOCK_CHARACTERS = 11;
const BLOCK_BYTES = 8;
const LAST_BYTES = 5;
/** Main, test and stage networks: standard, integrated, subaddress (cryptonote_config.h). */
const NETWORKS = new Set([18, 19, 42, 53, 54, 63, 24, 25, 36]);
const INTEGRATED_NETWORKS = new Set([19, 54, 25]);
const CHECKSUM = 4;
const decoded = new Uint8Array(80);

/** Monero addresses: standard, subaddress and integrated, with their Keccak checksum. */
export const monero: RunRule = {
  shapes: MIXED,
  minLength: STANDARD,
  maxLength: INTEGRATED,
  match(scan) {
    const length = scan.runEnd - scan.runStart;
    if ((length !== STANDARD && length !== INTEGRATED) || !holds(scan, length)) return;
    scan.found.begin();
    scan.found.putRange(scan.bytes, scan.runStart, scan.runEnd);
    scan.found.report(XMR, TIER_CHECKSUM, scan.runStart, scan.runEnd);
  },
};

function holds(scan: Scan, length: number): boolean {
  let size = 0;
  for (let at = scan.runStart; at < scan.runEnd; at += BLOCK_CHARACTERS) {
    const end = Math.min(at + BLOCK_CHARACTERS, scan.runEnd);
    const bytes = end - at === BLOCK_CHARACTERS ? BLOCK_BYTES : LAST_BYTES;
    if (!decodeBlock(scan, { at, end, bytes, into: size })) return false;
    size += bytes;
  }
  const network = decoded[0] as number;
  if (!NETWORKS.has(network) || INTEGRATED_NETWORKS.has(network) !== (length === INTEGRATED)) return false;
  const digest = keccak256(decoded, size - CHECKSUM);
  for (let i = 0; i < CHECKSUM; i++) if (digest[i] !== decoded[size - CHECKSUM + i]) return false;
  return true;
}

function decodeBlock(scan: Scan, block: { at: number; end: number; bytes: number; into: number }): boolean {
  let value = 0n;
  for (let i = block.at; i < block.end; i++) {
    const digit = bitcoinBase58[scan.bytes[i] as number] as number;
    if (digit === 255) return false;
    value = value * 58n + BigInt(digit);
  }
  for (let k = block.bytes - 1; k >= 0; k--) {
    decoded[block.into + k] = Number(value & 0xffn);
    value >>= 8n;
  }
  return value === 0n;
}
