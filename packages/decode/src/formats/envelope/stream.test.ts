import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinPacked } from './join-packed.ts';
import { packStreams, unpackStream } from './packed-streams.ts';
import { addNumber, emptyStream, gapsOf, joinStreams, type Stream } from './stream.ts';

const TOLERANCE = 10;

function streamOf(records: readonly (readonly [number, number | null])[], fromRow: number): Stream {
  const stream = emptyStream('d');
  records.forEach(([number, time], i) => {
    addNumber(stream, { number, time, row: fromRow + i }, TOLERANCE);
  });
  return stream;
}

const record = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.option(fc.integer({ min: 0, max: 100 })));

describe('sequence of a device', () => {
  it('finds what a set of all numbers finds, wherever the dump is cut', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), fc.nat(40), (records, cut) => {
        const stream = streamOf(records.slice(0, cut), 1);
        const later = streamOf(records.slice(cut), 1 + Math.min(cut, records.length));
        const joined = structuredClone(stream);
        joinStreams(stream, later, TOLERANCE);
        joinPacked(joined, { numbers: packStreams([later]).numbers, at: 0, toleranceMs: TOLERANCE });
        expect(joined).toEqual(stream);
        const packed = packStreams([stream, emptyStream('e'), stream]);
        expect(unpackStream('d', packed.numbers, 0)).toEqual(stream);
        const numbers = new Set(records.map(([number]) => number));
        const missing = gapsOf(stream).flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, i) => from + i),
        );
        const span = [...numbers].sort((a, b) => a - b);
        const expected = [];
        for (let n = span[0] ?? 0; n < (span.at(-1) ?? 0); n++) if (!numbers.has(n)) expected.push(n);
        expect(missing).toEqual(expected);
        expect(stream.repeats).toBe(records.length - numbers.size);
        let backwards = 0;
        for (let i = 1; i < records.length; i++) {
          const [[n0, t0], [n1, t1]] = [
            records[i - 1] as [number, number | null],
            records[i] as [number, number | null],
          ];
          if (n1 > n0 && t0 !== null && t1 !== null && t0 - t1 > TOLERANCE) backwards++;
        }
        expect(stream.backwards).toBe(backwards);
      }),
      { numRuns: 1000 },
    );
  });

  it('names the rows beside a gap', () => {
    const stream = streamOf(
      [
        [1, 1],
        [2, 2],
        [5, 3],
      ],
      10,
    );
    expect(gapsOf(stream)).toEqual([{ from: 3, to: 4, after: 11, before: 12 }]);
  });

  it('says that it cannot tell, when numbers have no order at all', () => {
    const stream = streamOf(
      Array.from({ length: 3000 }, (_, i) => [i * 7, null] as const),
      1,
    );
    expect(stream.scattered).toBe(true);
    expect(stream.runs).toEqual([]);
  });
});
