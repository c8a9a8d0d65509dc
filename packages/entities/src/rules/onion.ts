import { lowerByte } from '../byte-class.ts';
import { sha3 } from '../checks/keccak.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const ONION = knownType('onion');
const LENGTH = 56;
const SUFFIX = '.onion';
const VERSION = 3;
const LABEL = new TextEncoder().encode('.onion checksum');
const KEY = 32;
/** Key, checksum of two bytes, version. */
const decoded = new Uint8Array(KEY + 3);
const hashed = new Uint8Array(LABEL.length + KEY + 1);

/** Onion services of version 3 (Tor rend-spec-v3, 6): base32 of key, checksum and version. */
export const onion: RunRule = {
  shapes: MIXED,
  minLength: LENGTH,
  maxLength: LENGTH,
  match(scan) {
    if (!hasSuffix(scan) || !decode(scan) || decoded[KEY + 2] !== VERSION) return;
    hashed.set(LABEL);
    hashed.set(decoded.subarray(0, KEY), LABEL.length);
    hashed[hashed.length - 1] = VERSION;
    const digest = sha3(hashed);
    if (digest[0] !== decoded[KEY] || digest[1] !== decoded[KEY + 1]) return;
    const end = scan.runEnd + SUFFIX.length;
    scan.found.begin();
    for (let i = scan.runStart; i < end; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    scan.found.report(ONION, TIER_CHECKSUM, scan.runStart, end);
  },
};

function hasSuffix(scan: Scan): boolean {
  for (let k = 0; k < SUFFIX.length; k++) {
    if (lowerByte(scan.at(scan.runEnd + k)) !== SUFFIX.charCodeAt(k)) return false;
  }
  return true;
}

/** RFC 4648 base32: 56 characters are 35 bytes. */
function decode(scan: Scan): boolean {
  let bits = 0;
  let held = 0;
  let size = 0;
  for (let i = scan.runStart; i < scan.runEnd; i++) {
    const byte = lowerByte(scan.bytes[i] as number);
    const value = byte >= 0x61 ? byte - 0x61 : byte >= 0x32 && byte <= 0x37 ? byte - 0x32 + 26 : -1;
    if (value < 0) return false;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      decoded[size++] = (bits >> held) & 0xff;
    }
  }
  return true;
}
