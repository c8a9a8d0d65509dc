import { byteClass, HEX, lowerByte } from '../byte-class.ts';
import { keccak256 } from '../checks/keccak.ts';
import { MIXED, type RunRule } from '../rule.ts';
import { knownType, TIER_CHECKSUM, TIER_SHAPE } from '../vocabulary.ts';

const ETH = knownType('eth');
const LENGTH = 42;
const lower = new Uint8Array(40);

/** `0x` and 40 hex digits: with the checksum of EIP-55 where capitals and small letters are mixed, else by shape. */
export const ethereum: RunRule = {
  shapes: MIXED,
  minLength: LENGTH,
  maxLength: LENGTH,
  match(scan) {
    const { bytes, runStart, runEnd } = scan;
    if (bytes[runStart] !== 0x30 || bytes[runStart + 1] !== 0x78) return;
    let capitals = 0;
    let small = 0;
    for (let i = 0; i < 40; i++) {
      const byte = bytes[runStart + 2 + i] as number;
      if (((byteClass[byte] as number) & HEX) === 0) return;
      if (byte >= 0x61) small++;
      else if (byte >= 0x41) capitals++;
      lower[i] = lowerByte(byte);
    }
    const mixed = capitals > 0 && small > 0;
    const holds = checksumHolds(bytes, runStart + 2);
    if (mixed && !holds) return;
    scan.found.begin();
    scan.found.putAscii('0x');
    if (holds) scan.found.putRange(bytes, runStart + 2, runEnd);
    else scan.found.putRange(lower, 0, 40);
    scan.found.report(ETH, holds && capitals > 0 ? TIER_CHECKSUM : TIER_SHAPE, runStart, runEnd);
  },
};

/** A letter is a capital where the digest of the small letters has a digit of eight or more (EIP-55). */
function checksumHolds(bytes: Uint8Array, at: number): boolean {
  const digest = keccak256(lower);
  for (let i = 0; i < 40; i++) {
    const byte = bytes[at + i] as number;
    if (byte < 0x41) continue;
    const nibble = ((digest[i >> 1] as number) >> (i % 2 === 0 ? 4 : 0)) & 15;
    if (nibble >= 8 !== byte < 0x61) return false;
  }
  return true;
}
