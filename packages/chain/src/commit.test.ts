import { base64Encode, concatBytes, encodeCbor, sha256, u32be, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { signCheckpoint } from './checkpoint.ts';
import { type CommitContent, type CommitObject, encodeCommit, readCommit, verifyCommit } from './commit.ts';
import { signEntry } from './entry.ts';
import { LogWalk } from './log-walk.ts';
import { verifierKey } from './verifier-key.ts';

const origin = 'custody.example/case-7';
const actor = signerOf(new Uint8Array(32).fill(3));
const log = signerOf(new Uint8Array(32).fill(4));
const logKey = verifierKey(origin, log.publicKey);
const objects: CommitObject[] = ['segments/1/evidence', 'leaves/1', 'secrets/1'].map((name, i) => ({
  name,
  length: i * 100,
  sha256: sha256(utf8Encode(name)),
}));

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

function newWalk(): LogWalk {
  return new LogWalk({ origin, verify: verifySignature });
}

/** What a writer does: the next `count` entries on top of `walk`, which is not moved. */
function contentAfter(walk: LogWalk, count: number): CommitContent {
  const ahead = walk.fork();
  const entries: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const body = { kind: 'access', previous: ahead.previous, time: i, actor: actor.publicKey } as const;
    const entry = signEntry({ ...body, fieldsRoot: new Uint8Array(32), clear: new Uint8Array(0) }, origin, actor);
    ahead.add(entry);
    entries.push(entry);
  }
  const checkpoint = signCheckpoint({ origin, size: BigInt(ahead.size), root: ahead.root() }, log);
  return { size: walk.size, entries, objects, checkpoint };
}

const content = contentAfter(newWalk(), 2);
const bytes = encodeCommit(content, origin, log);

function verify(commit: Uint8Array, walk = newWalk()) {
  return verifyCommit(commit, { walk, logKey, verify: verifySignature });
}

/** A commit of any content, signed: what an insider with the log key could write. */
function forged(value: unknown): Uint8Array {
  const cbor = encodeCbor(value as never);
  const body = concatBytes([utf8Encode('custody/commit/v1\n'), u32be(cbor.length), cbor]);
  return concatBytes([body, log.sign(concatBytes([utf8Encode(`custody/commit-sig/v1\n${origin}\n`), body]))]);
}

describe('a commit', () => {
  it('round-trips with its objects in order of name', () => {
    const commit = readCommit(bytes);
    expect(commit.objects.map((object) => object.name)).toEqual(['leaves/1', 'secrets/1', 'segments/1/evidence']);
    expect(commit).toMatchObject({ size: 0, entries: content.entries, checkpoint: content.checkpoint });
    expect(encodeCommit(commit, origin, log)).toEqual(bytes);
  });

  it('moves the walk on, one commit after the other', () => {
    const walk = newWalk();
    for (const count of [2, 1, 5]) {
      const size = walk.size;
      const verified = verify(encodeCommit(contentAfter(walk, count), origin, log), walk);
      expect(verified.logged.map((entry) => entry.index)).toEqual(Array.from({ length: count }, (_, i) => size + i));
      expect(verified.verifiedCheckpoint.size).toBe(BigInt(walk.size));
    }
    expect(walk.size).toBe(8);
  });

  it('never verifies with one byte changed, and leaves the walk where it was', () => {
    const walk = newWalk();
    for (let at = 0; at < bytes.length; at++) {
      expect(() => verify(bytes.with(at, (bytes[at] as number) ^ 0x11), walk), `byte ${at}`).toThrow(/commit|entry/);
    }
    expect(walk.size).toBe(0);
    verify(bytes, walk);
  });

  it('is refused cut anywhere, or lengthened', () => {
    for (let end = 0; end < bytes.length; end += 5) {
      expect(() => readCommit(bytes.subarray(0, end))).toThrow(code('COMMIT_MALFORMED'));
    }
    expect(() => readCommit(Uint8Array.of(...bytes, 0))).toThrow(code('COMMIT_MALFORMED'));
  });

  it('is refused when another key signed it, or for another log', () => {
    expect(() => verify(encodeCommit(content, origin, actor))).toThrow(code('COMMIT_SIGNATURE_INVALID'));
    expect(() => verify(encodeCommit(content, 'custody.example/case-8', log))).toThrow(
      code('COMMIT_SIGNATURE_INVALID'),
    );
  });

  it('is refused where it does not extend the log', () => {
    const walk = newWalk();
    verify(bytes, walk);
    expect(() => verify(bytes, walk)).toThrow(code('COMMIT_ORDER_BROKEN'));
    const rival = encodeCommit({ ...contentAfter(newWalk(), 3), size: 2 }, origin, log);
    expect(() => verify(rival, walk)).toThrow(code('ENTRY_ORDER_BROKEN'));
    expect(walk.size).toBe(2);
  });

  it('is refused with a checkpoint of another tree', () => {
    const sign = (size: bigint, root: Uint8Array) => signCheckpoint({ origin, size, root }, log);
    const root = sha256(Uint8Array.of(1));
    const short = encodeCommit({ ...content, checkpoint: sign(1n, root) }, origin, log);
    expect(() => verify(short)).toThrow(code('CHECKPOINT_SIZE_MISMATCH'));
    const other = encodeCommit({ ...content, checkpoint: sign(2n, root) }, origin, log);
    expect(() => verify(other)).toThrow(code('CHECKPOINT_ROOT_MISMATCH'));
    const unsigned = encodeCommit({ ...content, checkpoint: `${origin}\n2\n${base64Encode(root)}\n` }, origin, log);
    expect(() => verify(unsigned)).toThrow(code('NOTE_MALFORMED'));
  });

  it.each([
    ['a map', new Map()],
    ['three members', [0, content.entries, []]],
    ['a negative size', [-1, content.entries, [], 'x']],
    ['a size in text', ['0', content.entries, [], 'x']],
    ['no entries', [0, [], [], 'x']],
    ['an entry that is none', [0, [new Uint8Array(200)], [], 'x']],
    ['an entry in text', [0, ['entry'], [], 'x']],
    ['objects of two members', [0, content.entries, [['a', 1]], 'x']],
    ['a hash of 31 bytes', [0, content.entries, [['a', 1, new Uint8Array(31)]], 'x']],
    ['a negative length', [0, content.entries, [['a', -1, new Uint8Array(32)]], 'x']],
    [
      'the same name twice',
      [
        0,
        content.entries,
        [
          ['a', 1, new Uint8Array(32)],
          ['a', 1, new Uint8Array(32)],
        ],
        'x',
      ],
    ],
    [
      'names out of order',
      [
        0,
        content.entries,
        [
          ['b', 1, new Uint8Array(32)],
          ['a', 1, new Uint8Array(32)],
        ],
        'x',
      ],
    ],
    ['a checkpoint in bytes', [0, content.entries, [], new Uint8Array(3)]],
  ])('is refused with %s', (_, value) => {
    expect(() => verify(forged(value))).toThrow(expect.objectContaining({ family: 'format' }));
  });

  it.each([
    '',
    '/etc/passwd',
    '../up',
    'a/../b',
    'a//b',
    './a',
    'a/',
    'a b',
    'a\\b',
    'a\u0000',
    'caf\u00e9',
    'x'.repeat(1025),
  ])('is refused with an object named %j', (name) => {
    const object = { name, length: 1, sha256: new Uint8Array(32) };
    expect(() => encodeCommit({ ...content, objects: [object] }, origin, log)).toThrow(code('CHAIN_ARGUMENT_INVALID'));
    const value = [0, content.entries, [[name, 1, new Uint8Array(32)]], content.checkpoint];
    expect(() => verify(forged(value))).toThrow(code('COMMIT_MALFORMED'));
  });

  it('is read or refused whatever the bytes', () => {
    const change = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(change, (changes) => {
        const input = bytes.slice();
        for (const [at, value] of changes) input[at] = value;
        try {
          readCommit(input);
        } catch (error) {
          expect(error).toMatchObject({ family: 'format' });
        }
      }),
      { numRuns: 200 },
    );
  });
});
