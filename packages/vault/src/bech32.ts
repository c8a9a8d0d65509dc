/**
 * Bech32 (BIP 173), as age uses it for keys: the checksum constant is 1 (not Bech32m), and there is no
 * limit of 90 characters (https://age-encryption.org/v1, "X25519 recipient type").
 */
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** BIP 173, "Checksum": coefficients of the BCH generator. */
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM_WORDS = 6;
/** Longer texts are refused before any work; an age key has 62 or 74 characters. */
const MAX_TEXT = 200;

function polymod(words: readonly number[]): number {
  let sum = 1;
  for (const word of words) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    for (let i = 0; i < 5; i++) if ((top >>> i) & 1) sum ^= GENERATOR[i] as number;
  }
  return sum >>> 0;
}

function expandPrefix(prefix: string): number[] {
  const codes = [...prefix].map((c) => c.charCodeAt(0));
  return [...codes.map((c) => c >>> 5), 0, ...codes.map((c) => c & 31)];
}

/** Regroups bits. Null when padding is longer than needed or not zero (only possible from 5 to 8). */
function regroup(input: Iterable<number>, from: number, to: number): number[] | null {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of input) {
    held = ((held << from) | value) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((held >>> bits) & ((1 << to) - 1));
    }
  }
  const rest = (held << (to - bits)) & ((1 << to) - 1);
  if (from < to) {
    if (bits >= from || rest !== 0) return null;
  } else if (bits > 0) out.push(rest);
  return out;
}

/** Lower-case Bech32 text of `data` under `prefix` (which must be lower case). */
export function encodeBech32(prefix: string, data: Uint8Array): string {
  const words = regroup(data, 8, 5) as number[];
  const sum = polymod([...expandPrefix(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let i = 0; i < CHECKSUM_WORDS; i++) words.push((sum >>> (5 * (5 - i))) & 31);
  return `${prefix}1${words.map((w) => ALPHABET[w]).join('')}`;
}

/** The prefix (lower case) and data of a Bech32 text, or null: mixed case, bad character, bad checksum, bad padding. */
export function decodeBech32(text: string): { prefix: string; data: Uint8Array } | null {
  const lower = text.toLowerCase();
  if (text.length > MAX_TEXT || (text !== lower && text !== text.toUpperCase())) return null;
  const split = lower.lastIndexOf('1');
  if (split < 1 || lower.length - split - 1 < CHECKSUM_WORDS) return null;
  const prefix = lower.slice(0, split);
  const words = [...lower.slice(split + 1)].map((c) => ALPHABET.indexOf(c));
  if (words.includes(-1) || !/^[\x21-\x7e]+$/.test(prefix)) return null;
  if (polymod([...expandPrefix(prefix), ...words]) !== 1) return null;
  const data = regroup(words.slice(0, -CHECKSUM_WORDS), 5, 8);
  return data === null ? null : { prefix, data: Uint8Array.from(data) };
}
