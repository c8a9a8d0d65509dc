import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexDecode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { signerOf } from '../../../test/chain-ports.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { encodeVerifierKey, readVerifierKey, verifierKey } from './verifier-key.ts';
import { isWeakPublicKey } from './weak-public-key.ts';

describe('a weak public key', () => {
  it('is the identity, its likes, and any y of p or more', () => {
    expect(isWeakPublicKey(new Uint8Array(32).with(0, 1))).toBe(true);
    expect(isWeakPublicKey(new Uint8Array(32))).toBe(true);
    expect(isWeakPublicKey(new Uint8Array(32).fill(0xff))).toBe(true);
  });

  it('is none that was generated', () => {
    for (let seed = 0; seed < 30; seed++) {
      expect(isWeakPublicKey(signerOf(new Uint8Array(32).fill(seed)).publicKey)).toBe(false);
    }
  });

  it('is refused as a verifier key', () => {
    expect(() => verifierKey('log.example', new Uint8Array(32))).toThrow(expect.objectContaining({ family: 'usage' }));
    const good = encodeVerifierKey(verifierKey('log.example', signerOf(new Uint8Array(32)).publicKey));
    expect(() => readVerifierKey(good.replace(/\+[^+]*$/, `+AQ${'A'.repeat(42)}`))).toThrow(/no key generation makes/);
  });
});

describeWithShared('the Ed25519 edge cases of CCTV', (shared) => {
  const file = join(shared, 'vectors/integrity/cctv-ed25519/ed25519/ed25519vectors.json');
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as { key: string; flags: string[] | null }[];

  it('with keys of low order or not canonical are weak, and no others', () => {
    expect(vectors.length).toBe(914);
    const weak = vectors.filter(({ key }) => isWeakPublicKey(hexDecode(key)));
    const flagged = vectors.filter(({ flags }) => flags?.some((f) => f === 'low_order_A' || f === 'non_canonical_A'));
    expect(weak).toEqual(flagged);
    expect(weak.length).toBeGreaterThan(0);
  });
});
