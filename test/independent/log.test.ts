import { hexEncode } from '@custody/bytes';
import {
  consistencyProof,
  ENTRY_KINDS,
  type EntryKind,
  encodeCommit,
  encodeSegmentClear,
  inclusionProof,
  LogWalk,
  leafHash,
  linkLeaves,
  readCommit,
  segmentHeader,
  signCheckpoint,
  signEntry,
  TreeFrontier,
  treeHash,
  verifierKey,
  verifyCommit,
  verifySegment,
} from '@custody/chain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../chain-ports.ts';
import {
  checkCommitSignature,
  checkLog,
  checkpointText,
  ed25519,
  entry,
  header,
  type Leaf,
  segmentRoot,
} from './log.ts';
import { auditPath, consistency, merkleTreeHash, sha256 } from './tree.ts';

const origin = 'custody.example/case-7';
const actorSeed = new Uint8Array(32).fill(3);
const logSeed = new Uint8Array(32).fill(4);
const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('trees, read twice', () => {
  it('have the same roots and proofs', () => {
    const data = fc.array(fc.uint8Array({ maxLength: 5 }), { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(data, fc.nat(), (leaves, seed) => {
        const hashes = Buffer.concat(leaves.map((leaf) => sha256(Buffer.of(0), leaf)));
        const index = seed % leaves.length;
        expect(hexEncode(treeHash(hashes))).toBe(merkleTreeHash(leaves).toString('hex'));
        expect(inclusionProof(hashes, index).map(hexEncode)).toEqual(
          auditPath(index, leaves).map((h) => h.toString('hex')),
        );
        const earlier = consistencyProof(hashes, index + 1, leaves.length).map(hexEncode);
        expect(earlier).toEqual(consistency(index + 1, leaves).map((h) => h.toString('hex')));
      }),
      { numRuns: 80 },
    );
  });
});

describe('segments, read twice', () => {
  it('have the same header, links and root', () => {
    const leaf: fc.Arbitrary<Leaf> = fc.record({ kind: fc.constantFrom(1, 2), root: hash32 });
    fc.assert(
      fc.property(hash32, fc.array(leaf, { maxLength: 40 }), (derive, leaves) => {
        const identity = { derive, unit: 3, part: 9, count: leaves.length };
        const ours = segmentHeader(identity);
        expect(Buffer.from(ours)).toEqual(header(derive, 3, 9, leaves.length));
        const kinds = Uint8Array.from(leaves, (l) => l.kind);
        const roots = new Uint8Array(Buffer.concat(leaves.map((l) => l.root)));
        const { links, root } = linkLeaves({ header: ours, kinds, roots });
        expect(Buffer.from(root)).toEqual(segmentRoot(ours, leaves));
        const logged = { count: leaves.length, root };
        expect(verifySegment({ header: ours, kinds, roots }, logged).links).toEqual(links);
        expect(verifySegment({ header: ours, kinds, roots, links }, logged).root).toEqual(root);
      }),
      { numRuns: 40 },
    );
  });
});

describe('entries and commits, read twice', () => {
  const actor = signerOf(actorSeed);
  const log = signerOf(logSeed);
  const kinds = Object.keys(ENTRY_KINDS) as EntryKind[];

  it('give the same bytes, order and roots', () => {
    const event = fc.record({
      kind: fc.constantFrom(...kinds),
      time: fc.nat(),
      fieldsRoot: hash32,
      count: fc.nat({ max: 4096 }),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 2, maxLength: 8 }), (events) => {
        const walk = new LogWalk({ origin, verify: verifySignature });
        const entries: Uint8Array[] = [];
        for (const [i, { kind: wanted, time, fieldsRoot, count }] of events.entries()) {
          const kind = i === 0 ? 'init' : wanted;
          const segment = { derive: 0, unit: 1, part: i, first: walk.leaves, count, root: fieldsRoot };
          const clear = kind === 'segment' ? encodeSegmentClear(segment) : new Uint8Array(0);
          const parts = { previous: walk.previous, time, fieldsRoot, clear };
          const ours = signEntry({ kind, actor: actor.publicKey, ...parts }, origin, actor);
          const theirs = entry({ kind: ENTRY_KINDS[kind], ...parts }, origin, ed25519(actorSeed));
          expect(Buffer.from(ours)).toEqual(theirs);
          entries.push(ours);
          walk.add(ours);
        }
        expect(Buffer.from(walk.root())).toEqual(checkLog(entries, origin));
      }),
      { numRuns: 25 },
    );
  });

  it('verify in both', () => {
    const entries: Uint8Array[] = [];
    let previous: Uint8Array = new Uint8Array(32);
    for (let time = 0; time < 3; time++) {
      const bytes = signEntry(
        {
          kind: 'access',
          previous,
          time,
          actor: actor.publicKey,
          fieldsRoot: new Uint8Array(32),
          clear: new Uint8Array(0),
        },
        origin,
        actor,
      );
      previous = leafHash(bytes);
      entries.push(bytes);
    }
    const tree = new TreeFrontier();
    for (const bytes of entries) tree.append(leafHash(bytes));
    const checkpoint = signCheckpoint({ origin, size: 3n, root: tree.root() }, log);
    const commit = encodeCommit({ size: 0, entries, objects: [], checkpoint }, origin, log);
    checkCommitSignature(commit, origin, log.publicKey);
    const text = checkpointText(readCommit(commit).checkpoint, origin, log.publicKey);
    expect(text).toBe(`${origin}\n3\n${checkLog(entries, origin).toString('base64')}\n`);
    const walk = new LogWalk({ origin, verify: verifySignature });
    verifyCommit(commit, { walk, logKey: verifierKey(origin, log.publicKey), verify: verifySignature });
    expect(walk.size).toBe(3);
  });
});
