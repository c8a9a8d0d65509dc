import { createDecipheriv, hkdfSync } from 'node:crypto';
import { digestMany, equalBytes, hexDecode, hexEncode, hmacSha256, sha256, utf8Encode } from '@custody/bytes';
import { leafHash } from '@custody/chain';
import { verifyEd25519 } from '@custody/segment';
import { broken } from './errors.ts';

/** A question with a published answer; true where this program, on this machine, gives it. */
interface KnownAnswer {
  readonly name: string;
  readonly holds: () => boolean;
}

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

const knownAnswers: readonly KnownAnswer[] = [
  { name: 'SHA-256 of "abc" (FIPS 180-4)', holds: () => hexEncode(sha256(utf8Encode('abc'))) === ABC },
  { name: 'SHA-256 of "abc" in a batch', holds: () => batchOf('abc', 16).every((digest) => digest === ABC) },
  {
    name: 'HMAC-SHA-256 (RFC 4231, case 2)',
    holds: () =>
      hexEncode(hmacSha256(utf8Encode('Jefe'), utf8Encode('what do ya want for nothing?'))) ===
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: 'HKDF-SHA-256 (RFC 5869, A.1)',
    holds: () =>
      Buffer.from(
        hkdfSync('sha256', Buffer.alloc(22, 0x0b), hexDecode('000102030405060708090a0b0c'), ten('f0'), 42),
      ).toString('hex') === '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  { name: 'leaf hash of nothing (RFC 6962, 2.1)', holds: () => hexEncode(leafHash(new Uint8Array(0))) === EMPTY_LEAF },
  { name: 'AES-256-GCM opens (McGrew and Viega, case 14)', holds: () => opensGcm(GCM.tag) },
  { name: 'AES-256-GCM refuses an altered tag', holds: () => !opensGcm(flipped(GCM.tag)) },
  { name: 'Ed25519 verifies (RFC 8032, 7.1, test 2)', holds: () => verifyEd25519(ED.key, ED.message, ED.signature) },
  {
    name: 'Ed25519 refuses an altered signature',
    holds: () => !verifyEd25519(ED.key, ED.message, flipped(ED.signature)),
  },
];

const EMPTY_LEAF = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
const GCM = {
  sealed: hexDecode('cea7403d4d606b6e074ec5d3baf39d18'),
  tag: hexDecode('d0d1c8a799996bf0265b98b5d48ab919'),
};
const ED = {
  key: hexDecode('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  message: hexDecode('72'),
  signature: hexDecode(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
};

/**
 * Asks the program's own cryptography what published vectors answer, as this machine runs it. Gives the names of what
 * held, for the log; throws IntegrityError SELF_TEST_FAILED where one did not.
 */
export function selfTest(answers: readonly KnownAnswer[] = knownAnswers): readonly string[] {
  const wrong = answers.filter(({ holds }) => !holds()).map(({ name }) => name);
  if (wrong.length > 0) {
    const what = `this program gives other answers than the published ones on this machine: ${wrong.join('; ')}`;
    throw broken('SELF_TEST_FAILED', `${what}. Nothing was made: use another machine or build`);
  }
  return answers.map(({ name }) => name);
}

function batchOf(text: string, count: number): string[] {
  const data = utf8Encode(text.repeat(count));
  const out = new Uint8Array(count * 32);
  digestMany(
    data,
    Uint32Array.from({ length: count }, (_, i) => (i + 1) * text.length),
    out,
  );
  return Array.from({ length: count }, (_, i) => hexEncode(out.subarray(i * 32, i * 32 + 32)));
}

function opensGcm(tag: Uint8Array): boolean {
  const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(12)).setAuthTag(tag);
  const opened = decipher.update(GCM.sealed);
  try {
    decipher.final();
  } catch {
    return false;
  }
  return equalBytes(opened, new Uint8Array(16));
}

function flipped(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  out[0] = (out[0] as number) ^ 1;
  return out;
}

/** Ten bytes that count up from `first`. */
function ten(first: string): Uint8Array {
  return Uint8Array.from({ length: 10 }, (_, i) => Number.parseInt(first, 16) + i);
}
