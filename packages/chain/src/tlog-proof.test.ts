import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64Encode, concatBytes } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { signCheckpoint } from './checkpoint.ts';
import { encodeTlogProof, readTlogProof, verifyTlogProof } from './tlog-proof.ts';
import { inclusionProof, leafHash, treeHash } from './tree.ts';
import { readVerifierKey, verifierKey } from './verifier-key.ts';

const origin = 'custody.example/case-7';
const log = signerOf(new Uint8Array(32).fill(4));
const trusted = { logKey: verifierKey(origin, log.publicKey), verify: verifySignature };
const leaves = Array.from({ length: 11 }, (_, i) => leafHash(Uint8Array.of(i)));
const hashes = concatBytes(leaves);
const checkpoint = signCheckpoint({ origin, size: 11n, root: treeHash(hashes) }, log);
const malformed = expect.objectContaining({ code: 'TLOG_PROOF_MALFORMED' });

function proofOf(index: number) {
  return { index: BigInt(index), hashes: inclusionProof(hashes, index), checkpoint };
}

describe('a tlog-proof', () => {
  it('round-trips and verifies for every entry, with and without extra', () => {
    for (const [index, leaf] of leaves.entries()) {
      const proof = index % 2 === 0 ? proofOf(index) : { ...proofOf(index), extra: Uint8Array.of(1, 2, 3) };
      const read = readTlogProof(encodeTlogProof(proof));
      expect(read).toEqual(proof);
      expect(verifyTlogProof(read, leaf, trusted).size).toBe(11n);
    }
  });

  it('fails for another leaf, another place and another key', () => {
    const leaf = leaves[3] as Uint8Array;
    const code = (wanted: string) => expect.objectContaining({ code: wanted });
    expect(() => verifyTlogProof(proofOf(3), leaves[4] as Uint8Array, trusted)).toThrow(
      code('CHECKPOINT_ROOT_MISMATCH'),
    );
    expect(() => verifyTlogProof({ ...proofOf(3), index: 2n }, leaf, trusted)).toThrow(
      code('CHECKPOINT_ROOT_MISMATCH'),
    );
    expect(() => verifyTlogProof({ ...proofOf(3), index: 11n }, leaf, trusted)).toThrow(
      code('INCLUSION_PROOF_INVALID'),
    );
    const logKey = verifierKey(origin, signerOf(new Uint8Array(32).fill(9)).publicKey);
    expect(() => verifyTlogProof(proofOf(3), leaf, { ...trusted, logKey })).toThrow(
      code('CHECKPOINT_SIGNATURE_MISSING'),
    );
  });

  it('never verifies with one character changed or lost', () => {
    const text = encodeTlogProof(proofOf(10));
    const check = (changed: string) => verifyTlogProof(readTlogProof(changed), leaves[10] as Uint8Array, trusted);
    check(text);
    for (let i = 0; i < text.length; i++) {
      const other = String.fromCharCode(text.charCodeAt(i) ^ 1);
      expect(() => check(text.slice(0, i) + other + text.slice(i + 1)), `character ${i}`).toThrow();
      expect(() => check(text.slice(0, i)), `cut at ${i}`).toThrow();
    }
  });

  it.each([
    ['no header', 'index 0\n\nx'],
    ['a hash of 31 bytes', `c2sp.org/tlog-proof@v1\nindex 0\n${base64Encode(new Uint8Array(31))}\n\nx`],
    ['a leading zero', 'c2sp.org/tlog-proof@v1\nindex 00\n\nx'],
    ['an index over 63 bits', `c2sp.org/tlog-proof@v1\nindex ${'9'.repeat(20)}\n\nx`],
    ['two extra lines', 'c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nx'],
    ['extra after index', 'c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx'],
    ['64 hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${base64Encode(new Uint8Array(32))}\n`.repeat(64)}\nx`],
    ['no empty line', 'c2sp.org/tlog-proof@v1\nindex 0\nx'],
    ['a megabyte', 'x'.repeat((1 << 20) + 1)],
  ])('is refused with %s', (_, text) => {
    expect(() => readTlogProof(text)).toThrow(malformed);
  });

  it('is read or refused whatever the text', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 10 }),
      fc.constantFrom('c2sp.org/tlog-proof@v1', 'index 3', 'extra AA==', '', base64Encode(leaves[0] as Uint8Array)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n');
        try {
          expect(encodeTlogProof(readTlogProof(text))).toBe(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'TLOG_PROOF_MALFORMED' });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describeWithShared('tlog-proofs of others', (shared) => {
  const integrity = join(shared, 'vectors/integrity');
  const { bad } = JSON.parse(readFileSync(join(integrity, 'transcribed/tlog-proof-bad.json'), 'utf8')) as {
    bad: [string, string][];
  };

  it.each(bad)('refuses %j (%s)', (text) => {
    expect(() => readTlogProof(text)).toThrow(malformed);
  });

  it('verifies the one made before this project', () => {
    const folder = join(integrity, 'custody-worked-example');
    const example = JSON.parse(readFileSync(join(folder, 'example.json'), 'utf8')) as {
      logVkey: string;
      events: { leaf: string }[];
    };
    const proof = readTlogProof(readFileSync(join(folder, 'entry0.tlog-proof'), 'utf8'));
    const leaf = new Uint8Array(Buffer.from(example.events[0]?.leaf ?? '', 'hex'));
    const logKey = readVerifierKey(example.logVkey);
    expect(verifyTlogProof(proof, leaf, { logKey, verify: verifySignature }).size).toBe(2n);
  });
});
