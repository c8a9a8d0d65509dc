import { lowerByte } from '../byte-class.ts';
import { bech32Value } from '../checks/bech32.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const BCH = knownType('bch');
const PREFIX = 'bitcoincash';
/** Version byte, 20 bytes of hash and a checksum of 40 bits, in groups of five. */
const LENGTH = 42;
const GENERATOR = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n] as const;

/** Bitcoin Cash addresses (cashaddr specification), with or without `bitcoincash:`. */
export const cashAddress: RunRule = {
  shapes: MIXED,
  minLength: LENGTH,
  maxLength: LENGTH,
  match(scan) {
    const first = lowerByte(scan.bytes[scan.runStart] as number);
    if ((first !== 0x71 && first !== 0x70) || !checksumHolds(scan)) return;
    scan.found.begin();
    scan.found.putAscii(`${PREFIX}:`);
    for (let i = scan.runStart; i < scan.runEnd; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    scan.found.report(BCH, TIER_CHECKSUM, prefixStart(scan), scan.runEnd);
  },
};

function checksumHolds(scan: Scan): boolean {
  let sum = 1n;
  for (let i = 0; i < PREFIX.length; i++) sum = step(sum, PREFIX.charCodeAt(i) & 31);
  sum = step(sum, 0);
  for (let i = scan.runStart; i < scan.runEnd; i++) {
    const value = bech32Value(scan.bytes[i] as number);
    if (value === 255) return false;
    sum = step(sum, value);
  }
  return sum === 1n;
}

function step(sum: bigint, value: number): bigint {
  const top = sum >> 35n;
  let next = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(value);
  for (let i = 0; i < 5; i++) if (((top >> BigInt(i)) & 1n) === 1n) next ^= GENERATOR[i] as bigint;
  return next;
}

function prefixStart(scan: Scan): number {
  const start = scan.runStart - PREFIX.length - 1;
  if (scan.at(scan.runStart - 1) !== 0x3a || start < scan.start) return scan.runStart;
  for (let i = 0; i < PREFIX.length; i++) {
    if (lowerByte(scan.bytes[start + i] as number) !== PREFIX.charCodeAt(i)) return scan.runStart;
  }
  return start;
}
