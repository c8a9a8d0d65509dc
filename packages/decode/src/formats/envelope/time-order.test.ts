import { expect, it } from 'vitest';
import { joinOrder, noOrder, type OrderSummary, orderFindings, seeTime } from './time-order.ts';

const times = Array.from({ length: 200 }, (_, i) => i * 1000);

function seen(list: readonly number[], firstRow = 1): OrderSummary {
  const order = noOrder();
  for (const [i, time] of list.entries()) seeTime(order, time, firstRow + i);
  return order;
}

const said = (order: OrderSummary) => orderFindings('d', order).map(({ records, locator }) => [records, locator?.row]);

it('names rows that were exchanged or moved, within a stretch and across the cut between two', () => {
  expect(said(seen(times))).toEqual([]);
  const exchanged = times.with(50, times[120] as number).with(120, times[50] as number);
  expect(said(seen(exchanged))).toEqual([[2, 52]]);
  expect(
    said(seen([...times.slice(0, 90), ...times.slice(91, 150), times[90] as number, ...times.slice(150)])),
  ).toEqual([[1, 150]]);
  for (const cut of [51, 52, 121]) {
    const sum = seen(exchanged.slice(0, cut));
    joinOrder(sum, seen(exchanged.slice(cut), cut + 1));
    expect(sum).toEqual(seen(exchanged));
  }
});

it('says nothing of a dump that is in no order of time, or too short to have one', () => {
  expect(said(seen(times.map((time, i) => (i % 10 === 0 ? time - 5000 : time))))).toEqual([]);
  expect(said(seen([3, 1, 2]))).toEqual([]);
});
