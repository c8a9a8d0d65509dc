/** Base58 digits (Matrix specification, "Representation of recovery keys"). */
const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const PREFIX = [0x8b, 0x01] as const;
const KEY_LENGTH = 32;
const LENGTH = PREFIX.length + KEY_LENGTH + 1;
/** 35 bytes with this prefix take 48 digits. */
const DIGITS_IN_KEY = 48;

/**
 * The 32 bytes of a recovery key as people write it down, in groups of four. `mistyped`: it has the form of one but its
 * parity is wrong. null: it is something else, a passphrase perhaps.
 */
export function readRecoveryKey(text: string): Uint8Array | 'mistyped' | null {
  const digits = text.replace(/\s+/g, '');
  if (digits.length !== DIGITS_IN_KEY || !digits.startsWith('Es')) return null;
  const bytes = base58(digits);
  if (bytes === null || bytes.length !== LENGTH) return 'mistyped';
  const parity = bytes.reduce((sum, byte) => sum ^ byte, 0);
  if (bytes[0] !== PREFIX[0] || bytes[1] !== PREFIX[1] || parity !== 0) return 'mistyped';
  return bytes.slice(PREFIX.length, PREFIX.length + KEY_LENGTH);
}

function base58(text: string): Uint8Array | null {
  let value = 0n;
  for (const digit of text) {
    const at = DIGITS.indexOf(digit);
    if (at < 0) return null;
    value = value * 58n + BigInt(at);
  }
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}
