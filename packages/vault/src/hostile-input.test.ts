import { randomBytes } from 'node:crypto';
import { join, relative } from 'node:path';
import { CustodyError } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeader } from './age-header.ts';
import { generateIdentity, readIdentities, readRecipient } from './age-key.ts';
import { decodeBech32, encodeBech32 } from './bech32.ts';
import { isObjectName } from './object-name.ts';
import { openSealed, openSealedStream } from './open-sealed.ts';
import { seal } from './seal.ts';
import { parseVaultLocation } from './vault-location.ts';

const CHUNK = 65_536;
const me = generateIdentity();

/** The code of the error of ours that `run` throws; undefined if none; any other error goes through. */
function codeFrom(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
  return undefined;
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) expect(chunk).toBeInstanceOf(Uint8Array);
}

describe('hostile sealed objects', () => {
  const plain = randomBytes(300);
  const sealed = seal(plain, [generateIdentity().recipient, me.recipient]);
  const place = fc.nat(sealed.length - 1);
  const change = fc.oneof(
    fc.record({ at: place, insert: fc.uint8Array({ maxLength: 80 }), remove: fc.nat(80) }),
    // The letters a header is made of reach further into its parser than random bytes do.
    fc.record({
      at: fc.nat(400),
      insert: fc
        .string({ unit: fc.constantFrom('\n', ' ', '-', '>', '=', 'A', '\r', 'X25519', '-> ', '--- '), maxLength: 8 })
        .map((s) => Buffer.from(s)),
      remove: fc.nat(8),
    }),
  );

  it('are opened to the very plaintext or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let bad: Uint8Array = sealed;
        for (const { at, insert, remove } of changes) {
          bad = Buffer.concat([bad.subarray(0, at), insert, bad.subarray(at + remove)]);
        }
        let opened: Uint8Array | null = null;
        const code = codeFrom(() => {
          opened = openSealed(bad, [me]);
        });
        if (opened !== null) {
          expect(Buffer.compare(opened, plain)).toBe(0);
          return;
        }
        expect(['SEAL_BROKEN', 'SEALED_TO_OTHERS']).toContain(code);
        const stream = openSealedStream(pieces(bad, 100), [me]);
        await expect(drain(stream)).rejects.toMatchObject({ code });
      }),
      { numRuns: 400 },
    );
  });

  it('are refused for any flipped byte of a longer payload', () => {
    const long = seal(randomBytes(2 * CHUNK + 100), [me.recipient]);
    fc.assert(
      fc.property(fc.nat(long.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const bad = Uint8Array.from(long);
        bad[at] = (bad[at] as number) ^ mask;
        expect(['SEAL_BROKEN', 'SEALED_TO_OTHERS']).toContain(codeFrom(() => openSealed(bad, [me])));
      }),
      { numRuns: 200 },
    );
  });

  it('cost little, whatever header they claim', () => {
    const endless = Buffer.from(`age-encryption.org/v1\n${'-> X25519 A\n\n'.repeat(100_000)}`);
    expect(codeFrom(() => readHeader(endless))).toBe('SEAL_BROKEN');
    expect(codeFrom(() => openSealed(endless, [me]))).toBe('SEAL_BROKEN');
    expect(codeFrom(() => openSealed(Buffer.alloc(1_000_000, 'age-encryption.org/v1\n'), [me]))).toBe('SEAL_BROKEN');
  });

  it('parse to what they were at every truncation', () => {
    const head = sealed.subarray(0, sealed.length - 332);
    for (let length = 0; length < head.length; length++) expect(readHeader(head.subarray(0, length))).toBeNull();
    expect(readHeader(head)?.end).toBe(head.length);
  });
});

describe('hostile texts', () => {
  it('are keys or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `age1${s}`),
          fc.string().map((s) => `AGE-SECRET-KEY-1${s}`),
        ),
        (s) => {
          expect(codeFrom(() => readRecipient(s))).toBe('RECIPIENT_INVALID');
          expect(codeFrom(() => readIdentities(s))).toBe('IDENTITY_INVALID');
        },
      ),
    );
  });

  it('are locations or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `s3://${s}`),
        ),
        (s) => {
          expect([undefined, 'LOCATION_INVALID']).toContain(codeFrom(() => parseVaultLocation(s)));
        },
      ),
    );
  });

  it('never name anything outside the vault', () => {
    const piece = fc.constantFrom('a', '.', '..', '/', '//', '-', '_', '0', '\\', '\0', ' ', 'A', '%2e', '.tmp');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
        (name) => {
          if (!isObjectName(name)) return;
          expect(relative('/vault', join('/vault', name))).toBe(name);
          expect(name.split('/')[0]).not.toBe('.tmp');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('Bech32', () => {
  it('holds for the samples of BIP 173', () => {
    for (const good of ['A12UEL5L', 'a12uel5l', 'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', '?1ezyfcl']) {
      expect(decodeBech32(good), good).not.toBeNull();
    }
    for (const bad of [
      'pzry9x0s0muk',
      '1pzry9x0s0muk',
      'x1b4n0q5v',
      'li1dgmt3',
      'A1G7SGD8',
      '10a06t8',
      '1qzzfhee',
      'a12UEL5L',
    ]) {
      expect(decodeBech32(bad), bad).toBeNull();
    }
  });

  it('gives back what it encodes, and notices any one changed letter', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.constantFrom(...'qpzry9x8'),
        (data, seed, letter) => {
          const text = encodeBech32('age', data);
          expect(decodeBech32(text)).toEqual({ prefix: 'age', data });
          const at = 4 + (seed % (text.length - 4));
          const changed = text.slice(0, at) + letter + text.slice(at + 1);
          if (changed !== text) expect(decodeBech32(changed)).toBeNull();
        },
      ),
    );
  });
});
