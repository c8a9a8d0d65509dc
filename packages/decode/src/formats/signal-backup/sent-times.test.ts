import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasRow, SentTimes, sentOf } from './sent-times.ts';

const time = fc.option(fc.oneof(fc.integer({ min: -5, max: 2 ** 31 - 1 }), fc.maxSafeInteger()), { nil: null });
const id = fc.oneof(fc.nat(200), fc.maxSafeInteger());

it('finds the time of every row, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, time), { maxLength: 100 }), (rows) => {
      const gathered = new SentTimes();
      const once = new Map<number, number | null>();
      for (const [row, at] of rows) {
        if (once.has(row)) continue;
        once.set(row, at);
        gathered.add('message', row, at);
      }
      const lists = structuredClone(gathered.lists());
      for (const [row, at] of once)
        expect([sentOf(lists, 'message', row), hasRow(lists, 'message', row)]).toEqual([at ?? undefined, true]);
      for (const other of [201, 999]) if (!once.has(other)) expect(hasRow(lists, 'message', other)).toBe(false);
      expect(hasRow(lists, 'sms', 1)).toBe(false);
    }),
  );
});

it('keeps more rows than one piece holds', () => {
  const gathered = new SentTimes();
  for (let row = 0; row < 140_000; row += 2) gathered.add('mms', row, 1_700_000_000_000 + row);
  gathered.add('mms', 7, 70);
  const lists = gathered.lists();
  expect([0, 2, 65_536, 131_070, 139_998].map((row) => sentOf(lists, 'mms', row))).toEqual(
    [0, 2, 65_536, 131_070, 139_998].map((row) => 1_700_000_000_000 + row),
  );
  expect([sentOf(lists, 'mms', 7), hasRow(lists, 'mms', 9), hasRow(lists, 'mms', 140_000)]).toEqual([70, false, false]);
});
