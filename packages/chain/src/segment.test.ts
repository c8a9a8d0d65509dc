import { sha256 } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/random.ts';
import {
  evidenceRoot,
  headerLink,
  leafBytes,
  linkLeaves,
  type SegmentLeaves,
  segmentHeader,
  verifySegment,
} from './segment.ts';
import { encodeSegmentClear, readSegmentClear } from './segment-clear.ts';
import { leafHash, treeHash } from './tree.ts';

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

function segmentOf(count: number): SegmentLeaves {
  const random = new Random(count + 1);
  const header = segmentHeader({ derive: random.bytes(32), unit: 2, part: 1, count });
  const kinds = Uint8Array.from({ length: count }, () => 1 + random.below(2));
  return { header, kinds, roots: random.bytes(count * 32) };
}

describe('a segment', () => {
  it('chains each leaf to the one before and to the header', () => {
    const leaves = segmentOf(5);
    const { links, root } = linkLeaves(leaves);
    let previous = headerLink(leaves.header);
    for (let i = 0; i < 5; i++) {
      const leaf = leafBytes(previous, leaves.kinds[i] as number, leaves.roots.slice(i * 32, i * 32 + 32));
      expect(leaf.length).toBe(65);
      previous = leafHash(leaf);
      expect(links.slice(i * 32, i * 32 + 32)).toEqual(previous);
    }
    expect(root).toEqual(treeHash(links));
  });

  it.each([0, 1, 2, 4096])('of %i leaves verifies with and without stored links', (count) => {
    const leaves = segmentOf(count);
    const linked = linkLeaves(leaves);
    const entry = { count, root: linked.root };
    expect(verifySegment(leaves, entry)).toEqual(linked);
    expect(verifySegment({ ...leaves, links: linked.links }, entry)).toEqual(linked);
  });

  it('fails with any one bit changed, and names the leaf where links are stored', () => {
    const leaves = segmentOf(20);
    const { links, root } = linkLeaves(leaves);
    const entry = { count: 20, root };
    const change = fc.record({
      part: fc.constantFrom('header', 'kinds', 'roots', 'links'),
      at: fc.nat(),
      bit: fc.nat({ max: 7 }),
    });
    fc.assert(
      fc.property(change, ({ part, at, bit }) => {
        const stored = { ...leaves, links };
        const bytes = stored[part as keyof typeof stored];
        const where = at % bytes.length;
        const changed = { ...stored, [part]: bytes.with(where, (bytes[where] as number) ^ (1 << bit)) };
        const leaf = part === 'header' ? 0 : Math.floor(where / (part === 'kinds' ? 1 : 32));
        const broken = expect.objectContaining({
          code: 'CHAIN_LINK_BROKEN',
          detail: expect.objectContaining({ leaf }),
        });
        expect(() => verifySegment(changed, entry)).toThrow(broken);
        const { links: _, ...without } = changed;
        if (part !== 'links') expect(() => verifySegment(without, entry)).toThrow(code('SEGMENT_ROOT_MISMATCH'));
      }),
      { numRuns: 60 },
    );
  });

  it('fails with a leaf removed, added or exchanged', () => {
    const leaves = segmentOf(6);
    const { root } = linkLeaves(leaves);
    const fewer = { ...leaves, kinds: leaves.kinds.slice(1), roots: leaves.roots.slice(32) };
    expect(() => verifySegment(fewer, { count: 6, root })).toThrow(code('SEGMENT_COUNT_MISMATCH'));
    expect(() => verifySegment(fewer, { count: 5, root })).toThrow(code('SEGMENT_ROOT_MISMATCH'));
    const moved = leaves.roots.slice();
    moved.copyWithin(0, 32, 64);
    moved.set(leaves.roots.slice(0, 32), 32);
    expect(() => verifySegment({ ...leaves, roots: moved }, { count: 6, root })).toThrow(code('SEGMENT_ROOT_MISMATCH'));
  });

  it('is not made of what cannot be one', () => {
    const usage = expect.objectContaining({ family: 'usage' });
    expect(() => segmentHeader({ derive: new Uint8Array(31), unit: 0, part: 0, count: 1 })).toThrow(usage);
    expect(() => segmentHeader({ derive: new Uint8Array(32), unit: 0, part: 0, count: 4097 })).toThrow(usage);
    expect(() => segmentHeader({ derive: new Uint8Array(32), unit: -1, part: 0, count: 1 })).toThrow(usage);
    const leaves = segmentOf(3);
    expect(() => linkLeaves({ ...leaves, roots: leaves.roots.slice(1) })).toThrow(usage);
  });
});

describe('the evidence root', () => {
  it('is the tree over the segment roots as leaf data', () => {
    const roots = [1, 2, 3].map((n) => sha256(Uint8Array.of(n)));
    const flat = new Uint8Array(roots.flatMap((root) => [...root]));
    expect(evidenceRoot(flat)).toEqual(treeHash(new Uint8Array(roots.flatMap((root) => [...leafHash(root)]))));
    expect(evidenceRoot(new Uint8Array(0))).toEqual(sha256(new Uint8Array(0)));
  });
});

describe('the clear bytes of a segment entry', () => {
  const clear = { derive: 7, unit: 1, part: 2, first: 2 ** 40, count: 4096, root: sha256(Uint8Array.of(1)) };

  it('round-trip in 60 bytes', () => {
    const bytes = encodeSegmentClear(clear);
    expect(bytes.length).toBe(60);
    expect(readSegmentClear(bytes)).toEqual(clear);
  });

  it('are refused with another length or numbers that JavaScript would round', () => {
    const bytes = encodeSegmentClear(clear);
    for (let end = 0; end < 60; end++)
      expect(() => readSegmentClear(bytes.subarray(0, end))).toThrow(code('ENTRY_MALFORMED'));
    expect(() => readSegmentClear(bytes.with(0, 0x80))).toThrow(code('ENTRY_MALFORMED'));
    expect(() => readSegmentClear(bytes.with(27, 1))).toThrow(code('ENTRY_MALFORMED'));
    expect(() => readSegmentClear(bytes.with(17, 0x20))).toThrow(code('ENTRY_MALFORMED'));
    expect(() => encodeSegmentClear({ ...clear, first: 2 ** 53 })).toThrow(code('CHAIN_ARGUMENT_INVALID'));
    expect(() => encodeSegmentClear({ ...clear, count: 4097 })).toThrow(code('CHAIN_ARGUMENT_INVALID'));
    expect(() => encodeSegmentClear({ ...clear, unit: -1 })).toThrow(code('CHAIN_ARGUMENT_INVALID'));
  });
});
