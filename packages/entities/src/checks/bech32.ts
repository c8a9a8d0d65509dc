import { lowerByte } from '../byte-class.ts';

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const values = new Uint8Array(256).fill(255);
for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;

/** Final constants: BIP-173 and BIP-350. */
export const BECH32 = 1;
export const BECH32M = 0x2bc830a3;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM = 6;
/** What five bits pushed out at the top leave behind: the sum of the generators of those set. */
const remainders = Int32Array.from({ length: 32 }, (_, top) =>
  GENERATOR.reduce((rest, generator, bit) => (((top >> bit) & 1) === 1 ? rest ^ generator : rest), 0),
);

/** The groups of five bits of a string whose checksum holds, without checksum, and which constant it ends in. */
export interface Bech32 {
  readonly groups: Uint8Array;
  readonly constant: number;
}

/**
 * Reads `bytes[start..end)`, `prefixLength` characters of prefix, `1`, data and checksum. Null where the case is mixed,
 * a character is foreign or neither checksum holds. The bound on length (90 in BIP-173) is the caller's.
 */
export function readBech32(bytes: Uint8Array, start: number, end: number, prefixLength: number): Bech32 | null {
  const data = start + prefixLength + 1;
  if (end - data < CHECKSUM || bytes[data - 1] !== 0x31 || isMixedCase(bytes, start, end)) return null;
  let sum = 1;
  for (let i = start; i < data - 1; i++) sum = step(sum, lowerByte(bytes[i] as number) >> 5);
  sum = step(sum, 0);
  for (let i = start; i < data - 1; i++) sum = step(sum, lowerByte(bytes[i] as number) & 31);
  const groups = new Uint8Array(end - data);
  for (let i = data; i < end; i++) {
    const value = values[lowerByte(bytes[i] as number)] as number;
    if (value === 255) return null;
    groups[i - data] = value;
    sum = step(sum, value);
  }
  if (sum !== BECH32 && sum !== BECH32M) return null;
  return { groups: groups.subarray(0, groups.length - CHECKSUM), constant: sum };
}

function step(sum: number, value: number): number {
  return ((sum & 0x1ffffff) << 5) ^ value ^ (remainders[sum >>> 25] as number);
}

function isMixedCase(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x41 && byte <= 0x5a) seen |= 1;
    else if (byte >= 0x61 && byte <= 0x7a) seen |= 2;
  }
  return seen === 3;
}

/** Whether the groups are a witness program (BIP-141, BIP-350): version, 2 to 40 bytes, no padding left over. */
export function isWitnessProgram({ groups, constant }: Bech32): boolean {
  const version = groups[0] ?? 255;
  if (version > 16 || constant !== (version === 0 ? BECH32 : BECH32M)) return false;
  const bits = (groups.length - 1) * 5;
  const size = bits >> 3;
  const padding = bits & 7;
  const last = groups[groups.length - 1] as number;
  if (padding > 4 || (last & ((1 << padding) - 1)) !== 0) return false;
  return version === 0 ? size === 20 || size === 32 : size >= 2 && size <= 40;
}

/** Values of the alphabet, 255 for foreign characters; cashaddr uses the same. */
export function bech32Value(byte: number): number {
  return values[lowerByte(byte)] as number;
}
