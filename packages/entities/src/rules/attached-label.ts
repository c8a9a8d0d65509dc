import { isDigit, lowerByte } from '../byte-class.ts';
import { luhnHolds } from '../checks/luhn.ts';
import { MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { type EntityTypeId, knownType, TIER_CHECKSUM, TIER_CONTEXT } from '../vocabulary.ts';

interface Label {
  readonly word: Uint8Array;
  readonly type: EntityTypeId;
  readonly lengths: readonly number[];
  readonly hasCheckDigit: boolean;
}

const encoder = new TextEncoder();
const LABELS: readonly Label[] = [
  { word: encoder.encode('imei'), type: knownType('imei'), lengths: [15], hasCheckDigit: true },
  { word: encoder.encode('imsi'), type: knownType('imsi'), lengths: [15], hasCheckDigit: false },
  { word: encoder.encode('iccid'), type: knownType('iccid'), lengths: [19, 20], hasCheckDigit: true },
];
const FIRST = 0x69;
const digits = new Uint8Array(20);

/** `imei352099001761481`: the name written together with its number, as lists and texts without spaces do. */
export const attachedLabel: RunRule = {
  shapes: MIXED,
  minLength: 19,
  maxLength: 25,
  match(scan) {
    if (lowerByte(scan.at(scan.runStart)) !== FIRST) return;
    for (const label of LABELS) if (fits(scan, label)) return;
  },
};

function fits(scan: Scan, { word, type, lengths, hasCheckDigit }: Label): boolean {
  const from = scan.runStart + word.length;
  const count = scan.runEnd - from;
  if (!lengths.includes(count)) return false;
  for (let k = 0; k < word.length; k++) if (lowerByte(scan.at(scan.runStart + k)) !== word[k]) return false;
  for (let k = 0; k < count; k++) {
    const byte = scan.at(from + k);
    if (!isDigit(byte)) return false;
    digits[k] = byte - 0x30;
  }
  if (hasCheckDigit && !luhnHolds(digits, count)) return false;
  scan.found.begin();
  for (let k = 0; k < count; k++) scan.found.put(0x30 + (digits[k] as number));
  scan.found.report(type, hasCheckDigit ? TIER_CHECKSUM : TIER_CONTEXT, from, scan.runEnd);
  return true;
}
