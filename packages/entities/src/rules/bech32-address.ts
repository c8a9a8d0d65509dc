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
    const prefix = prefixAt(scan);
    if (prefix === null) return;
    const read = readBech32(scan.bytes, scan.runStart, scan.runEnd, prefix.text.length);
    if (read === null || !(prefix.witness ? isWitnessProgram(read) : read.constant === BECH32)) return;
    scan.found.begin();
    for (let i = scan.runStart; i < scan.runEnd; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    scan.found.report(prefix.type, TIER_CHECKSUM, scan.runStart, scan.runEnd);
  },
};

function prefixAt(scan: Scan): Prefix | null {
  for (const prefix of prefixes) {
    const { text } = prefix;
    let k = 0;
    while (k < text.length && lowerByte(scan.bytes[scan.runStart + k] as number) === text.charCodeAt(k)) k++;
    if (k === text.length && scan.bytes[scan.runStart + k] === 0x31) return prefix;
  }
  return null;
}
