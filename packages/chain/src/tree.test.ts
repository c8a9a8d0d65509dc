import { hexDecode, hexEncode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeFrontier } from './frontier.ts';
import { consistencyProof, inclusionProof, inclusionProofIn, leafHash, treeHash, treeLevels } from './tree.ts';
import { rootFromInclusion, verifyConsistency, verifyInclusion } from './tree-proofs.ts';

function leaves(count: number, salt = 0): Uint8Array {
  const hashes = new Uint8Array(count * 32);
  for (let i = 0; i < count; i++) hashes.set(leafHash(Uint8Array.of(salt, i, i >>> 8)), i * 32);
  return hashes;
}

describe('treeHash', () => {
  it('gives H("") for no leaves and the leaf hash for one', () => {
    expect(hexEncode(treeHash(new Uint8Array(0)))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(treeHash(leaves(1))).toEqual(leafHash(Uint8Array.of(0, 0, 0)));
  });

  // RFC 9162 2.1.5: the tree of seven leaves; inputs as in the reference implementations' test tree.
  it('gives the published roots of the eight-leaf test tree', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const hashes = new Uint8Array(8 * 32);
    for (const [i, input] of inputs.entries()) hashes.set(leafHash(hexDecode(input)), i * 32);
    expect(hexEncode(treeHash(hashes))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
    expect(hexEncode(treeHash(hashes.subarray(0, 7 * 32)))).toBe(
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    );
  });

  it('refuses a buffer that is no whole number of hashes', () => {
    expect(() => treeHash(new Uint8Array(33))).toThrow(expect.objectContaining({ code: 'CHAIN_ARGUMENT_INVALID' }));
  });

  it('grows in a frontier to the same root at every size', () => {
    const all = leaves(70);
    const frontier = new TreeFrontier();
    for (let size = 0; size <= 70; size++) {
      expect(frontier.size).toBe(size);
      expect(frontier.root()).toEqual(treeHash(all.subarray(0, size * 32)));
      frontier.append(all.subarray(size * 32, size * 32 + 32));
    }
  });
});

describe('proofs', () => {
  it('verify for every leaf of every tree up to 40, and for no other leaf', () => {
    for (let size = 1; size <= 40; size++) {
      const hashes = leaves(size);
      const levels = treeLevels(hashes);
      const root = treeHash(hashes);
      for (let index = 0; index < size; index++) {
        const claim = {
          index: BigInt(index),
          size: BigInt(size),
          leafHash: hashes.slice(index * 32, index * 32 + 32),
          proof: inclusionProofIn(levels, index),
          root,
        };
        verifyInclusion(claim);
        if (size > 1) expect(() => verifyInclusion({ ...claim, index: BigInt((index + 1) % size) })).toThrow();
      }
    }
  });

  it('show each tree up to 33 to be a prefix of each later one', () => {
    const hashes = leaves(33);
    const roots = Array.from({ length: 34 }, (_, n) => treeHash(hashes.subarray(0, n * 32)));
    for (let size2 = 1; size2 <= 33; size2++) {
      for (let size1 = 1; size1 <= size2; size1++) {
        verifyConsistency({
          size1: BigInt(size1),
          size2: BigInt(size2),
          root1: roots[size1] as Uint8Array,
          root2: roots[size2] as Uint8Array,
          proof: consistencyProof(hashes, size1, size2),
        });
      }
    }
  });

  it('fail with one bit flipped anywhere', () => {
    const arbitrary = fc.record({
      size: fc.integer({ min: 2, max: 200 }),
      at: fc.nat(),
      bit: fc.nat({ max: 255 }),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(arbitrary, ({ size, at, bit, which }) => {
        const hashes = leaves(size);
        const index = at % size;
        const proof = inclusionProof(hashes, index);
        const changed = proof[which % proof.length] as Uint8Array;
        changed[bit >>> 3] = (changed[bit >>> 3] as number) ^ (1 << (bit & 7));
        const leaf = hashes.slice(index * 32, index * 32 + 32);
        const root = treeHash(hashes);
        expect(() =>
          verifyInclusion({ index: BigInt(index), size: BigInt(size), leafHash: leaf, proof, root }),
        ).toThrow(expect.objectContaining({ code: 'INCLUSION_PROOF_INVALID' }));
      }),
      { numRuns: 60 },
    );
  });

  it('end quickly whatever a stranger hands over', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const size = fc.bigInt({ min: -(1n << 64n), max: 1n << 65n });
    fc.assert(
      fc.property(size, size, hash, fc.array(hash, { maxLength: 140 }), (a, b, root, proof) => {
        expect(() =>
          verifyConsistency({ size1: a, size2: b, root1: root, root2: Uint8Array.of(...root.slice(1), 7), proof }),
        ).toThrow(expect.objectContaining({ family: 'integrity' }));
        try {
          rootFromInclusion({ index: a, size: b, leafHash: root, proof });
        } catch (error) {
          expect(error).toMatchObject({ code: 'INCLUSION_PROOF_INVALID' });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are refused for leaves and sizes that are not there', () => {
    expect(() => inclusionProof(leaves(3), 3)).toThrow(expect.objectContaining({ family: 'usage' }));
    expect(() => consistencyProof(leaves(3), 0, 3)).toThrow(expect.objectContaining({ family: 'usage' }));
    expect(() => consistencyProof(leaves(3), 2, 4)).toThrow(expect.objectContaining({ family: 'usage' }));
  });
});
