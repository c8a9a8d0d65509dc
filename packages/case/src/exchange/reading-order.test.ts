import type { Item } from '@custody/evidence';
import type { ExchangeItem } from '@custody/exchange';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReadingOrder } from './reading-order.ts';

const given = fc.array(
  fc.record({
    conversation: fc.constantFrom(null, 'a', 'b', 'c'),
    utc: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 5 })),
    body: fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 40 })),
  }),
  { maxLength: 60 },
);

function item(
  index: number,
  { conversation, utc, body }: { conversation: string | null; utc: number | null; body: Uint8Array | null },
): ExchangeItem {
  const sentAt = { utc, raw: '', zone: null, precision: 'ms', clock: 'device' } as const;
  const whole = { kind: 'message', platform: 'p', conversation, sentAt, body, times: new Map([['t', sentAt]]) };
  return { index, leaf: '', capture: '', withheld: [], item: whole as unknown as Item };
}

it('gives back every item as it was, by conversation, time and number', async () => {
  await fc.assert(
    fc.asyncProperty(given, async (rows) => {
      const order = new ReadingOrder();
      const items = rows.map((row, index) => item(index, row));
      for (const one of items) order.add(one);
      const expected = [...items].sort(
        (a, b) =>
          'abc~'.indexOf(a.item.conversation ?? '~') - 'abc~'.indexOf(b.item.conversation ?? '~') ||
          (a.item.sentAt?.utc ?? 9) - (b.item.sentAt?.utc ?? 9) ||
          a.index - b.index,
      );
      for (let time = 0; time < 2; time++) {
        const read: ExchangeItem[] = [];
        for await (const one of order.read()) read.push(one);
        expect(read).toEqual(expected);
      }
      order.dispose();
    }),
    { numRuns: 60 },
  );
});

it('gives back items that are written in several pieces, and one longer than what is read at once', async () => {
  const order = new ReadingOrder();
  const items = Array.from({ length: 60 }, (_, index) => {
    const body = new Uint8Array(index === 7 ? 300_001 : 9_000 + index).map((_, at) => (at * 7 + index) & 0xff);
    return item(index, { conversation: 'abc'[index % 3] as string, utc: index % 5, body });
  });
  for (const one of items) order.add(one);
  const read: ExchangeItem[] = [];
  for await (const one of order.read()) read.push(one);
  expect(read.map(({ index }) => index).slice(0, 4)).toEqual([0, 15, 30, 45]);
  for (const one of read) expect(one).toEqual(items[one.index]);
  order.dispose();
});
