import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packStreams } from './packed-streams.ts';
import { addNumber, emptyStream, type Stream } from './stream.ts';
import { UnitStreams } from './unit-streams.ts';

const TOLERANCE = 10;

/** Names that are kept, and some too long to be. */
const names = ['a', 'device-1', 'device-2', '', 'ü', 'x'.repeat(300)];
const record = fc.record({
  id: fc.constantFrom(...names),
  step: fc.constantFrom(1, 1, 1, 1, 2, 0, -3),
  time: fc.option(fc.integer({ min: 0, max: 60 })),
});

it('tells of every device what one Stream for each tells, unit after unit', () => {
  const units = new UnitStreams();
  fc.assert(
    fc.property(fc.array(record, { maxLength: 60 }), (records) => {
      units.renew();
      const each = new Map<string, Stream>();
      const numbers = new Map<string, number>();
      records.forEach(({ id, step, time }, row) => {
        const number = Math.max(0, (numbers.get(id) ?? 100) + step);
        numbers.set(id, number);
        const stream = each.get(id) ?? emptyStream(id);
        each.set(id, stream);
        addNumber(stream, { number, time, row }, TOLERANCE);
        const bytes = Buffer.from(`<${id}>`);
        units.add(bytes, 1, bytes.length - 1, { number, time, row }, TOLERANCE);
      });
      expect(units.pack()).toEqual(packStreams([...each.values()]));
    }),
    { numRuns: 500 },
  );
});
