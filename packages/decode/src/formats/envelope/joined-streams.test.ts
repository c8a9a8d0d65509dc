import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JoinedStreams } from './joined-streams.ts';
import { packStreams } from './packed-streams.ts';
import { addNumber, emptyStream, joinStreams, type Stream } from './stream.ts';

const TOLERANCE = 10;
const record = fc.record({
  id: fc.constantFrom('a', 'device-1', '', 'ü'),
  step: fc.constantFrom(1, 1, 1, 1, 1, 2, 0, -1, -3),
  time: fc.option(fc.integer({ min: 0, max: 30 })),
});

it('joins stretches as whole Streams are joined', () => {
  fc.assert(
    fc.property(fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 6 }), (stretches) => {
      const joined = new JoinedStreams();
      const plainly = new Map<string, Stream>();
      const numbers = new Map<string, number>();
      let row = 0;
      for (const stretch of stretches) {
        const each = new Map<string, Stream>();
        for (const { id, step, time } of stretch) {
          const number = Math.max(0, (numbers.get(id) ?? 100) + step);
          numbers.set(id, number);
          const stream = each.get(id) ?? emptyStream(id);
          each.set(id, stream);
          addNumber(stream, { number, time, row: row++ }, TOLERANCE);
        }
        expect(joined.add(packStreams([...each.values()]), TOLERANCE)).toBe(true);
        for (const [id, stream] of each) {
          const earlier = plainly.get(id) ?? emptyStream(id);
          joinStreams(earlier, stream, TOLERANCE);
          plainly.set(id, earlier);
        }
      }
      expect([...joined]).toEqual([...plainly.values()]);
      expect([...joined]).toEqual([...plainly.values()]);
    }),
    { numRuns: 800 },
  );
});
