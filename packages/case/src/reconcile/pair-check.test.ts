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

/** A message as a phone has it: of what it sent, the other's number; of what came in, the sender's. */
function onPhone(made: Made, more: Partial<Item>): Item {
  const whole = item(made);
  const sides = more.direction === 'outgoing' ? { sender: null } : { recipients: null };
  return { ...whole, platform: 'whatsapp', owner: null, ...sides, ...more };
}

function linesOf(list: readonly (readonly [capture: string, item: Item])[]) {
  const check = new PairCheck();
  for (const [index, [capture, item]] of list.entries()) check.item({ index, capture, item });
  return [...check.lines()];
}

describe('the same message by its id', () => {
  const [text, sent, got] = ['ok', 'outgoing', 'incoming'] as const;
  it('is paired where no side names its owner, whatever the clocks say; another id is another message', () => {
    const said = { from: a, to: b, text, capture: '' };
    const found = linesOf([
      ['A', onPhone({ ...said, minute: 1 }, { messageId: '3EB01', direction: sent })],
      ['A', onPhone({ ...said, minute: 2 }, { messageId: '3EB02', direction: sent })],
      ['A', onPhone({ ...said, minute: 60 }, { messageId: '3EB03', direction: sent })],
      ['A', onPhone({ ...said, to: c, minute: 3 }, { messageId: '3EB04', direction: sent })],
      // The first one was deleted there: the second must not be taken for it.
      ['B', onPhone({ ...said, minute: 2 }, { messageId: '3EB02', direction: got })],
      ['B', onPhone({ ...said, minute: 90 }, { messageId: '3EB03', direction: got })],
      ['B', onPhone({ ...said, to: b, minute: 1, text: 'to c alone' }, { messageId: '3EB09', direction: got })],
    ]);
    expect(found).toMatchObject([
      {
        check: 'pairing',
        paired: 2,
        mirrored: 2,
        pairedBy: { id: 2, parties: 0, text: 0 },
        onlyInA: 1,
        onlyInB: 1,
        items: [0, 6],
      },
    ]);
  });

  it('three sources are paired each with each', () => {
    const made = { from: a, to: b, text, capture: '', minute: 1 };
    const copy = (direction: 'outgoing' | 'incoming') => onPhone(made, { messageId: 'X', direction });
    const found = linesOf([
      ['A', copy(sent)],
      ['B', copy(got)],
      ['C', copy(got)],
    ]);
    expect(found.map(({ a: one, b: other, paired }) => [one, other, paired])).toEqual([
      ['A f', 'B f', 1],
      ['A f', 'C f', 1],
      ['B f', 'C f', 1],
    ]);
    expect(found.every(({ result }) => result === 'agrees')).toBe(true);
  });

  it('a text export without ids and numbers is paired by text and minute, each message once', () => {
    const made = { from: a, to: b, text, capture: '' };
    const name = { type: 'name', value: 'Ada' };
    const exported = (minute: number) =>
      onPhone({ ...made, from: name, minute }, { recipients: null, messageId: null, direction: null });
    const found = linesOf([
      ['A', onPhone({ ...made, minute: 1.5 }, { messageId: '1', direction: sent })],
      ['A', onPhone({ ...made, minute: 1.7 }, { messageId: '2', direction: sent })],
      ['T', exported(1)],
      ['T', exported(1)],
      ['T', exported(8)],
    ]);
    expect(found).toMatchObject([{ paired: 2, pairedBy: { text: 2 }, onlyInB: 1, items: [4] }]);
  });
});
