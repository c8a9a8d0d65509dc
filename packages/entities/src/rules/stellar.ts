import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const XLM = knownType('xlm');
const LENGTH = 56;
/** Version byte, Ed25519 key, CRC-16 (SEP-23). */
const SIZE = 35;
const ACCOUNT = 6 << 3;
const decoded = new Uint8Array(SIZE);

/** Stellar accounts (SEP-23): base32 in capitals, `G` first, with CRC-16/XMODEM at the end. */
export const stellar: RunRule = {
  shapes: MIXED,
  minLength: LENGTH,
  maxLength: LENGTH,
  match(scan) {
    if (scan.bytes[scan.runStart] !== 0x47 || !decode(scan) || decoded[0] !== ACCOUNT) return;
    const sum = crc16(SIZE - 2);
    if ((decoded[SIZE - 2] as number) !== (sum & 0xff) || (decoded[SIZE - 1] as number) !== sum >> 8) return;
    scan.found.begin();
    scan.found.putRange(scan.bytes, scan.runStart, scan.runEnd);
    scan.found.report(XLM, TIER_CHECKSUM, scan.runStart, scan.runEnd);
  },
};

/** RFC 4648 base32, capitals only. */
function decode(scan: Scan): boolean {
  let bits = 0;
  let held = 0;
  let size = 0;
  for (let i = scan.runStart; i < scan.runEnd; i++) {
    const byte = scan.bytes[i] as number;
    const value = byte >= 0x41 && byte <= 0x5a ? byte - 0x41 : byte >= 0x32 && byte <= 0x37 ? byte - 0x32 + 26 : -1;
    if (value < 0) return false;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    decoded[size++] = (bits >> held) & 0xff;
  }
  return true;
}

function crc16(length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum ^= (decoded[i] as number) << 8;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x8000 ? ((sum << 1) ^ 0x1021) & 0xffff : sum << 1;
  }
  return sum;
}
