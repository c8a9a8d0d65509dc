import { createHash } from 'node:crypto';
import { utf8Encode } from '@custody/bytes';
import { expect, it } from 'vitest';
import { readArmor } from './armor.ts';
import { isKeyFile, readKeyring } from './keyring.ts';
import { openMessage } from './open-message.ts';
import { encryptTo, makeKey } from './testing/write-pgp.ts';

/** Every flip and cut with CUSTODY_LONG=1, else a part of them that is the same in every run. */
const STEP = process.env.CUSTODY_LONG === '1' ? 1 : 37;

let drawn = 0;
const draw = (length: number) =>
  Uint8Array.from({ length }, () => createHash('sha256').update(`damage ${drawn++}`).digest()[0] as number);
const TEXT = 'the same text every time';
const key = makeKey(draw, { userId: 'damage', passphrase: 'p' });
const ring = readKeyring([{ bytes: utf8Encode(key.armoured), passphrases: ['p'], source: 'k' }], []);
const message = (options = {}) => encryptTo(utf8Encode(TEXT), draw, { to: [key], ...options });

function textOf(bytes: Uint8Array): string | null {
  const { literal, outcome } = openMessage(bytes, ring);
  if (literal === null) return null;
  return outcome === 'not-authenticated' ? 'unprotected' : Buffer.from(literal.data).toString();
}

it('gives the text or nothing, whichever bit of a protected message is another', () => {
  const bytes = message();
  expect(textOf(bytes)).toBe(TEXT);
  for (let bit = 0; bit < bytes.length * 8; bit += STEP) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect([TEXT, null]).toContain(textOf(flipped));
  }
});

it('gives nothing of a protected message that is cut, wherever', () => {
  const bytes = message();
  for (let end = 0; end < bytes.length; end += STEP === 1 ? 1 : 11) expect(textOf(bytes.subarray(0, end))).toBeNull();
});

it('never calls an unprotected message authenticated, and survives its damage', () => {
  const bytes = message({ protect: false, cipher: 3 });
  for (let bit = 0; bit < bytes.length * 8; bit += STEP) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(['failed', 'not-authenticated', 'key-missing', 'unsupported', 'malformed', 'limit']).toContain(
      openMessage(flipped, ring).outcome,
    );
  }
});

it('never unlocks a key to other numbers than its own', () => {
  const bytes = readArmor(key.armoured)[0]?.bytes ?? new Uint8Array();
  expect(isKeyFile(bytes)).toBe(true);
  for (let bit = 0; bit < bytes.length * 8; bit += STEP * 3) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const read = readKeyring([{ bytes: flipped, passphrases: ['p'], source: 'k' }], []);
    for (const { key: found, numbers } of read.keys) {
      if (found.fingerprint === key.fingerprint && numbers !== null) expect(numbers).toEqual(ring.keys[0]?.numbers);
    }
  }
});
