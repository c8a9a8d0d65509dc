import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { type EntryBody, NO_PREVIOUS, readEntry, signEntry, verifyEntry, verifyEntrySignature } from './entry.ts';
import { ENTRY_KINDS, type EntryKind, entryKindName } from './kinds.ts';
import { LogWalk } from './log-walk.ts';
import { encodeSegmentClear } from './segment-clear.ts';

const origin = 'custody.example/case-7';
const actor = signerOf(new Uint8Array(32).fill(3));
const plain: EntryBody = {
  kind: 'access',
  previous: NO_PREVIOUS,
  time: 1_767_225_600_000,
  actor: actor.publicKey,
  fieldsRoot: new Uint8Array(32).fill(7),
  clear: new Uint8Array(0),
};
const bytes = signEntry(plain, origin, actor);

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

function segmentEntry(walk: LogWalk, first: number, derive = 0): Uint8Array {
  const clear = encodeSegmentClear({ derive, unit: 0, part: 0, first, count: 10, root: new Uint8Array(32) });
  return signEntry({ ...plain, kind: 'segment', previous: walk.previous, clear }, origin, actor);
}

describe('an entry', () => {
  it('round-trips', () => {
    expect(readEntry(bytes)).toMatchObject(plain);
    expect(readEntry(bytes).bytes).toEqual(bytes);
    verifyEntry(readEntry(bytes), { origin, previous: NO_PREVIOUS, verify: verifySignature });
  });

  it('has a name for every kind and a kind for every name', () => {
    for (const [name, number] of Object.entries(ENTRY_KINDS)) expect(entryKindName(number)).toBe(name as EntryKind);
    expect(new Set(Object.values(ENTRY_KINDS)).size).toBe(17);
    expect(entryKindName(0)).toBeNull();
    expect(entryKindName(18)).toBeNull();
  });

  it('never verifies with one bit changed', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 3) {
      const changed = bytes.with(bit >>> 3, (bytes[bit >>> 3] as number) ^ (1 << (bit & 7)));
      expect(() => {
        verifyEntry(readEntry(changed), { origin, previous: NO_PREVIOUS, verify: verifySignature });
      }, `bit ${bit}`).toThrow(/entry/);
    }
  });

  it('is refused cut anywhere, or lengthened', () => {
    for (let end = 0; end < bytes.length; end++) {
      expect(() => readEntry(bytes.subarray(0, end))).toThrow(code('ENTRY_MALFORMED'));
    }
    expect(() => readEntry(Uint8Array.of(...bytes, 0))).toThrow(code('ENTRY_MALFORMED'));
    expect(() => readEntry(new Uint8Array(70_000))).toThrow(code('ENTRY_MALFORMED'));
  });

  it('is refused with an unknown kind, other fields, clear bytes out of place or a time beyond the calendar', () => {
    for (const [at, value] of [
      [17, 0],
      [17, 18],
      [17, ENTRY_KINDS.segment],
      [50, 1],
      [91, 5],
      [125, 1],
    ] as const) {
      expect(() => readEntry(bytes.with(at, value)), `byte ${at}`).toThrow(code('ENTRY_MALFORMED'));
    }
  });

  it('does not verify for another log, another actor or another place', () => {
    const entry = readEntry(bytes);
    const expected = { origin, previous: NO_PREVIOUS, verify: verifySignature };
    expect(() => verifyEntry(entry, { ...expected, origin: 'custody.example/case-8' })).toThrow(
      code('ENTRY_SIGNATURE_INVALID'),
    );
    const other = signerOf(new Uint8Array(32).fill(5)).publicKey;
    expect(() => verifyEntrySignature({ ...entry, actor: other }, origin, verifySignature)).toThrow(
      code('ENTRY_SIGNATURE_INVALID'),
    );
    expect(() => verifyEntry(entry, { ...expected, previous: new Uint8Array(32).fill(1) })).toThrow(
      code('ENTRY_ORDER_BROKEN'),
    );
  });

  it('is not believed under a key for which one signature fits every message', () => {
    const identity = new Uint8Array(32).with(0, 1);
    const forged = { ...readEntry(bytes), actor: identity, signature: new Uint8Array(64).with(0, 1) };
    // Older releases of OpenSSL accept it, newer ones do not: the rule must not hang on the library.
    expect(() => verifyEntrySignature(forged, origin, () => true)).toThrow(code('ENTRY_SIGNATURE_INVALID'));
  });

  it('counts an exception of the signature library as no', () => {
    const verify = () => {
      throw new RangeError('not a point on the curve');
    };
    expect(() => verifyEntrySignature(readEntry(bytes), origin, verify)).toThrow(code('ENTRY_SIGNATURE_INVALID'));
  });

  it('is not signed by anybody but its actor, nor with parts of another length', () => {
    const other = signerOf(new Uint8Array(32).fill(5));
    expect(() => signEntry(plain, origin, other)).toThrow(code('CHAIN_ARGUMENT_INVALID'));
    for (const wrong of [
      { previous: new Uint8Array(31) },
      { fieldsRoot: new Uint8Array(33) },
      { clear: new Uint8Array(60) },
      { kind: 'segment' as const },
      { time: -1 },
      { time: 1.5 },
    ]) {
      expect(() => signEntry({ ...plain, ...wrong }, origin, actor)).toThrow(code('CHAIN_ARGUMENT_INVALID'));
    }
  });

  it('is read or refused whatever the bytes', () => {
    const mutated = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(mutated, fc.nat({ max: bytes.length }), (changes, end) => {
        const input = bytes.slice(0, end % 7 === 0 ? end : bytes.length);
        for (const [at, value] of changes) if (at < input.length) input[at] = value;
        try {
          expect(readEntry(input).bytes).toEqual(input);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENTRY_MALFORMED' });
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a walk of the log', () => {
  it('counts leaves and refuses a gap, an overlap and a derivation not yet there', () => {
    const walk = new LogWalk({ origin, verify: verifySignature });
    walk.add(bytes);
    expect(() => walk.add(segmentEntry(walk, 1))).toThrow(code('LEAF_INDEX_BROKEN'));
    expect(() => walk.add(segmentEntry(walk, 0, 1))).toThrow(code('LEAF_INDEX_BROKEN'));
    expect(walk.add(segmentEntry(walk, 0)).segment).toMatchObject({ first: 0, count: 10 });
    expect(() => walk.add(segmentEntry(walk, 0))).toThrow(code('LEAF_INDEX_BROKEN'));
    expect(walk.add(segmentEntry(walk, 10))).toMatchObject({ index: 2, kind: 'segment' });
    expect([walk.size, walk.leaves]).toEqual([3, 20]);
  });

  it('stands still where it threw, and refuses a repeated or omitted entry', () => {
    const walk = new LogWalk({ origin, verify: verifySignature });
    walk.add(bytes);
    const root = walk.root();
    expect(() => walk.add(bytes)).toThrow(code('ENTRY_ORDER_BROKEN'));
    const fork = walk.fork();
    fork.add(signEntry({ ...plain, previous: walk.previous }, origin, actor));
    const later = signEntry({ ...plain, previous: fork.previous }, origin, actor);
    expect(() => walk.add(later)).toThrow(code('ENTRY_ORDER_BROKEN'));
    expect(walk.size).toBe(1);
    expect(walk.root()).toEqual(root);
    fork.add(later);
    expect(fork.size).toBe(3);
  });
});
