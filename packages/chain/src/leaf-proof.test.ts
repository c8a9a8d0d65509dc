import { concatBytes, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { Random } from '../../../test/random.ts';
import { signCheckpoint } from './checkpoint.ts';
import { type DisclosedField, rootOfLeaf, withholdField } from './disclosed-fields.ts';
import { type EntryBody, signEntry } from './entry.ts';
import { type LeafProof, proveInSegment, verifyLeafProof } from './leaf-proof.ts';
import { LogWalk } from './log-walk.ts';
import { linkLeaves, segmentHeader } from './segment.ts';
import { encodeSegmentClear } from './segment-clear.ts';
import { inclusionProof, treeHash } from './tree.ts';
import { verifierKey } from './verifier-key.ts';

const origin = 'custody.example/case-7';
const actor = signerOf(new Uint8Array(32).fill(3));
const log = signerOf(new Uint8Array(32).fill(4));
const trusted = { logKey: verifierKey(origin, log.publicKey), verify: verifySignature };
const random = new Random(1);
const COUNT = 23;

/** A log of two entries and a segment of `COUNT` leaves, each of three fields, after `first` earlier leaves. */
const leaves = Array.from({ length: COUNT }, (): DisclosedField[] =>
  ['one', 'two', 'three'].map((text) => ({ salt: random.bytes(16), value: utf8Encode(text) })),
);
const walk = new LogWalk({ origin, verify: verifySignature });
const hashes: Uint8Array[] = [];

function append(kind: EntryBody['kind'], clear: Uint8Array): Uint8Array {
  const body = { kind, clear, previous: walk.previous, time: 5, actor: actor.publicKey, fieldsRoot: random.bytes(32) };
  const bytes = signEntry(body, origin, actor);
  hashes.push(walk.add(bytes).leafHash);
  return bytes;
}

const derive = append('derive', new Uint8Array(0));
append('segment', encodeSegmentClear({ derive: 0, unit: 0, part: 0, first: 0, count: 100, root: random.bytes(32) }));
const segment = {
  header: segmentHeader({ derive: hashes[0] as Uint8Array, unit: 0, part: 1, count: COUNT }),
  kinds: new Uint8Array(COUNT).fill(1),
  roots: concatBytes(leaves.map(rootOfLeaf)),
};
const { links, root } = linkLeaves(segment);
const entry = append('segment', encodeSegmentClear({ derive: 0, unit: 0, part: 1, first: 100, count: COUNT, root }));
const logHashes = concatBytes(hashes);
const checkpoint = signCheckpoint({ origin, size: 3n, root: treeHash(logHashes) }, log);
const tlogProof = { index: 2n, hashes: inclusionProof(logHashes, 2), checkpoint };

function proofOf(position: number): LeafProof {
  return { ...proveInSegment(segment, links, position), entry, tlogProof };
}

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

describe('the proof of one leaf', () => {
  it('verifies for every leaf, also with all but one field withheld, and gives its index', () => {
    for (const [position, fields] of leaves.entries()) {
      const redacted = fields.map((field, f) => (f === 1 ? field : withholdField(f + 1, field)));
      const { index, checkpoint: signed } = verifyLeafProof(proofOf(position), rootOfLeaf(redacted), trusted);
      expect([index, signed.size]).toEqual([100 + position, 3n]);
    }
  });

  it('fails with any part of it altered', () => {
    const fieldsRoot = rootOfLeaf(leaves[5] as DisclosedField[]);
    const good = proofOf(5);
    const flip = (bytes: Uint8Array) => bytes.with(7, (bytes[7] as number) ^ 1);
    const mismatch = code('SEGMENT_ROOT_MISMATCH');
    expect(() => verifyLeafProof(good, flip(fieldsRoot), trusted)).toThrow(mismatch);
    expect(() => verifyLeafProof({ ...good, kind: 2 }, fieldsRoot, trusted)).toThrow(mismatch);
    expect(() => verifyLeafProof({ ...good, position: 4 }, fieldsRoot, trusted)).toThrow(mismatch);
    expect(() => verifyLeafProof({ ...good, previous: flip(good.previous) }, fieldsRoot, trusted)).toThrow(mismatch);
    for (let i = 0; i < good.hashes.length; i++) {
      const changed = good.hashes.with(i, flip(good.hashes[i] as Uint8Array));
      expect(() => verifyLeafProof({ ...good, hashes: changed }, fieldsRoot, trusted)).toThrow(mismatch);
    }
    const invalid = code('INCLUSION_PROOF_INVALID');
    expect(() => verifyLeafProof({ ...good, kind: 257 }, fieldsRoot, trusted)).toThrow(invalid);
    expect(() => verifyLeafProof({ ...good, position: COUNT }, fieldsRoot, trusted)).toThrow(invalid);
    expect(() => verifyLeafProof({ ...good, position: 0.5 }, fieldsRoot, trusted)).toThrow(invalid);
    expect(() => verifyLeafProof({ ...good, hashes: good.hashes.slice(1) }, fieldsRoot, trusted)).toThrow(invalid);
    expect(() => verifyLeafProof({ ...good, previous: new Uint8Array(31) }, fieldsRoot, trusted)).toThrow(invalid);
  });

  it('fails on an entry that is altered, unsigned, of another kind or not in the log', () => {
    const fieldsRoot = rootOfLeaf(leaves[5] as DisclosedField[]);
    const good = proofOf(5);
    expect(() => verifyLeafProof({ ...good, entry: derive }, fieldsRoot, trusted)).toThrow(code('ENTRY_MALFORMED'));
    const unsigned = entry.with(-1, (entry.at(-1) as number) ^ 1);
    expect(() => verifyLeafProof({ ...good, entry: unsigned }, fieldsRoot, trusted)).toThrow(
      code('ENTRY_SIGNATURE_INVALID'),
    );
    const elsewhere = { ...tlogProof, index: 1n };
    expect(() => verifyLeafProof({ ...good, tlogProof: elsewhere }, fieldsRoot, trusted)).toThrow(
      expect.objectContaining({ family: 'integrity' }),
    );
    const logKey = verifierKey(origin, signerOf(new Uint8Array(32).fill(9)).publicKey);
    expect(() => verifyLeafProof(good, fieldsRoot, { ...trusted, logKey })).toThrow(
      code('CHECKPOINT_SIGNATURE_MISSING'),
    );
  });

  it('is not made for a leaf that is not there', () => {
    expect(() => proveInSegment(segment, links, COUNT)).toThrow(code('CHAIN_ARGUMENT_INVALID'));
  });
});
