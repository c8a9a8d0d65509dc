import { lowerByte } from '../byte-class.ts';
import { BECH32, isWitnessProgram, readBech32 } from '../checks/bech32.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { type EntityTypeId, knownType, TIER_CHECKSUM } from '../vocabulary.ts';

interface Prefix {
  readonly text: string;
  readonly type: EntityTypeId;
  /** Whether the data is a witness program; else bech32 of any content (CIP-19). */
  readonly witness: boolean;
}

const ADA = knownType('ada');
const COIN = knownType('coin');
const SHORTEST_OTHER = 38;
const LONGEST_PREFIX = 16;

const prefixes: readonly Prefix[] = [
  { text: 'bc', type: knownType('btc'), witness: true },
  { text: 'tb', type: knownType('btc'), witness: true },
  { text: 'bcrt', type: knownType('btc'), witness: true },
  { text: 'ltc', type: knownType('ltc'), witness: true },
  { text: 'tltc', type: knownType('ltc'), witness: true },
  { text: 'addr', type: knownType('ada'), witness: false },
  { text: 'stake', type: knownType('ada'), witness: false },
];

/** Segregated witness addresses (BIP-173, BIP-350) and Cardano's (CIP-19). */
export const bech32Address: RunRule = {
  shapes: MIXED,
  minLength: 14,
  maxLength: 128,
  match(scan) {
    const prefix = prefixAt(scan) ?? otherPrefix(scan);
    if (prefix === null) return;
    const start = scan.runStart - testPrefix(scan);
    const read = readBech32(scan.bytes, start, scan.runEnd, scan.runStart - start + prefix.text.length);
    if (read === null || !(prefix.witness ? isWitnessProgram(read) : read.constant === BECH32)) return;
    scan.found.begin();
    for (let i = start; i < scan.runEnd; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    scan.found.report(start < scan.runStart ? ADA : prefix.type, TIER_CHECKSUM, start, scan.runEnd);
  },
};

/** Length of `addr_` or `stake_` before `test1`, whose underscore ends the run. */
function testPrefix(scan: Scan): number {
  if (scan.at(scan.runStart - 1) !== 0x5f) return 0;
  for (const word of ['addr_', 'stake_']) {
    let k = 0;
    while (k < word.length && lowerByte(scan.at(scan.runStart - word.length + k)) === word.charCodeAt(k)) k++;
    if (k === word.length) return k;
  }
  return 0;
}

/** Any other chain's prefix of letters before a `1`; the checksum of thirty bits decides. */
function otherPrefix(scan: Scan): Prefix | null {
  const { bytes, runStart, runEnd } = scan;
  if (runEnd - runStart < SHORTEST_OTHER) return null;
  let i = runStart;
  while (i < runStart + LONGEST_PREFIX && (lowerByte(bytes[i] as number) & 0xe0) === 0x60) i++;
  if (bytes[i] !== 0x31 || i - runStart < 2) return null;
  return { text: String.fromCharCode(...bytes.subarray(runStart, i)).toLowerCase(), type: COIN, witness: false };
}

function prefixAt(scan: Scan): Prefix | null {
  for (const prefix of prefixes) {
    const { text } = prefix;
    let k = 0;
    while (k < text.length && lowerByte(scan.bytes[scan.runStart + k] as number) === text.charCodeAt(k)) k++;
    if (k === text.length && scan.bytes[scan.runStart + k] === 0x31) return prefix;
  }
  return null;
}
