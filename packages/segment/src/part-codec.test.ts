import { concatBytes, encodeCbor, u32be } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSegment, compartmentsOf } from './build-segment.ts';
import { readLeaves } from './leaves-object.ts';
import { saltSource } from './object-secret.ts';
import { decodePart, encodePart } from './part-codec.ts';
import { sampleBatch, sampleInput } from './testing/sample-segment.ts';

const ITEMS = 60;
const input = sampleInput(sampleBatch(ITEMS), ITEMS);
const salts = new Map(
  compartmentsOf(input).map((name, i) => [name, saltSource({ secret: new Uint8Array(32).fill(i + 1) })]),
);
const built = buildSegment(input, salts);
const part = built.parts.get('evidence') as Uint8Array;

/** Bytes that are not what a writer made either give something or are refused with an error of ours. */
function survives<T>(read: (bytes: Uint8Array) => T, bytes: Uint8Array): T | null {
  try {
    return read(bytes);
  } catch (error) {
    expect(error).toMatchObject({ family: expect.stringMatching(/^(format|integrity)$/), code: expect.any(String) });
    return null;
  }
}

describe('a part', () => {
  it('comes back byte for byte', () => {
    expect([...built.parts.keys()]).toEqual(['evidence', 'withheld', 'privileged']);
    for (const bytes of built.parts.values()) expect(encodePart(decodePart(bytes))).toEqual(bytes);
  });

  it('holds every leaf once, in one compartment', () => {
    const positions = [...built.parts.values()].flatMap((bytes) => {
      const { itemPositions, findingPositions } = decodePart(bytes);
      return [...itemPositions, ...findingPositions];
    });
    expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: input.to }, (_, i) => i));
  });

  it('cut anywhere is refused', () => {
    for (let length = 0; length < part.length; length++) {
      expect(survives(decodePart, part.subarray(0, length)), `cut to ${length}`).toBeNull();
    }
    expect(survives(decodePart, concatBytes([part, new Uint8Array(1)]))).toBeNull();
  });

  it('with flipped bits is refused or is another part: never a crash, never silent garbage of another size', () => {
    fc.assert(
      fc.property(fc.nat(part.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const bad = part.slice();
        bad[at] = (bad[at] as number) ^ (1 << bit);
        const read = survives(decodePart, bad);
        if (read !== null) expect(encodePart(read).length).toBe(bad.length);
      }),
      { numRuns: 400 },
    );
  });

  it.each([2 ** 32, 2 ** 52, 1.5, -1, 4_000_000_000])('that claims %d items takes no memory for them', (count) => {
    const label = part.subarray(0, part.indexOf(0x0a) + 1);
    const head = encodeCbor([count, 0, []]);
    const before = process.memoryUsage().rss;
    expect(survives(decodePart, concatBytes([label, u32be(head.length), head, new Uint8Array(64)]))).toBeNull();
    expect(survives(decodePart, concatBytes([label, u32be(0xffffffff), head]))).toBeNull();
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });
});

describe('a leaves object', () => {
  it('cut, longer or claiming more is refused', () => {
    for (let length = 0; length < built.leaves.length; length++) {
      expect(survives(readLeaves, built.leaves.subarray(0, length))).toBeNull();
    }
    expect(survives(readLeaves, concatBytes([built.leaves, new Uint8Array(33)]))).toBeNull();
    const { kinds, unit, part: number } = readLeaves(built.leaves);
    expect([kinds.length, unit, number]).toEqual([input.to, 1, 0]);
  });
});
