import type { Item, Party } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { PairCheck } from './pair-check.ts';

const phone = (n: number): Party => ({ type: 'phone', value: `+4477009000${n}` });

interface Made {
  readonly capture: string;
  readonly from: Party;
  readonly to: Party;
  readonly minute: number;
  readonly text: string;
  readonly owner?: Party;
}

function item({ from, to, minute, text, owner }: Made): Item {
  const utc = minute * 60_000;
  return {
    ...{ kind: 'message', platform: 'test', direction: null, sources: [], messageId: null, conversation: null },
    locator: { path: 'f', offset: 0, length: 1, row: 1 },
    ...{ sender: from, recipients: [to], owner: owner ?? null },
    sentAt: { utc, raw: String(utc), zone: 'UTC', precision: 'ms', clock: 'device' },
    ...{
      times: null,
      body: new TextEncoder().encode(text),
      refs: [],
      attachments: [],
      authentication: null,
      fields: null,
    },
  };
}

function lines(list: readonly Made[]) {
  const check = new PairCheck();
  for (const [index, made] of list.entries()) check.item({ index, capture: made.capture, item: item(made) });
  return [...check.lines()];
}

const [a, b, c] = [phone(1), phone(2), phone(3)];
const onA = { capture: 'A', owner: a };
const onB = { capture: 'B', owner: b };

describe('the same message on two devices', () => {
  it('is paired; what only one has counts where the other is a party to it', () => {
    const [line, ...rest] = lines([
      { ...onA, from: a, to: b, minute: 1, text: 'one' },
      { ...onB, from: a, to: b, minute: 2, text: 'one' },
      { ...onA, from: a, to: c, minute: 2, text: 'to somebody else' },
      { ...onA, from: b, to: a, minute: 3, text: 'two' },
      { ...onB, from: b, to: a, minute: 4, text: 'three' },
      { ...onB, from: a, to: b, minute: 5, text: 'four' },
      { ...onA, from: a, to: b, minute: 4, text: 'four' },
    ]);
    expect(rest).toEqual([]);
    expect(line).toMatchObject({ check: 'pairing', result: 'broken', paired: 2, onlyInA: 1, onlyInB: 1, rate: 0.5 });
    expect(line).toMatchObject({ clockOffsetMs: { median: 60_000 }, items: [3, 4] });
  });

  it('with sender and recipient exchanged is named', () => {
    const found = lines([
      { ...onA, from: a, to: b, minute: 1, text: 'one' },
      { ...onB, from: b, to: a, minute: 1, text: 'one' },
    ]);
    expect(found).toMatchObject([
      { check: 'direction', result: 'broken', items: [0, 1] },
      { check: 'pairing', result: 'unknown' },
    ]);
  });

  it('in Signal is paired by service ids where one side knows the other by number', () => {
    const check = new PairCheck();
    const told = new Map([
      ['author_aci', 'aci-a'],
      ['recipient_aci', 'aci-b'],
    ]);
    const own: Party = { type: 'signal-aci', value: 'aci-a' };
    const there: Party = { type: 'signal-aci', value: 'aci-b' };
    const sent = { ...item({ ...onA, from: own, to: b, minute: 1, text: 'one', owner: own }), fields: told };
    const got = { ...item({ ...onB, from: a, to: there, minute: 1, text: 'one', owner: there }), fields: told };
    check.item({ index: 0, capture: 'A', item: sent });
    check.item({ index: 1, capture: 'B', item: got });
    expect([...check.lines()]).toMatchObject([{ check: 'pairing', result: 'agrees', paired: 1, rate: 1 }]);
  });

  it('cannot be told from one source', () => {
    expect(lines([{ ...onA, from: a, to: b, minute: 1, text: 'one' }])).toMatchObject([
      { check: 'pairing', result: 'unknown' },
    ]);
  });
});
