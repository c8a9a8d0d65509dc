import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { addAuthority } from '../add-authority.ts';
import { createCase } from '../create-case.ts';
import { ingest } from '../ingest.ts';
import { loadOrCreatePerson } from '../person.ts';
import { type CompareLine, compare } from './compare.ts';

const WARRANT = {
  ...{ id: 'W', reference: 'R', issuedBy: 'C', jurisdiction: 'NL', legalBasis: 'x' },
  ...{ validFrom: '2020-01-01', validTo: '2030-01-01', scope: { period: { from: '2020-01-01', to: '2030-01-01' } } },
};
const RECEIPT = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };

interface Said {
  readonly from: 'Ann' | 'Bob';
  readonly text: string;
  /** Minutes since the first message, by Ann's clock. */
  readonly at: number;
}

/** Twenty messages over three weeks, of which no two say the same. */
const CHAT: readonly Said[] = Array.from({ length: 20 }, (_, i) => ({
  ...({ from: i % 3 === 0 ? 'Bob' : 'Ann', text: `number ${i} of the plan`, at: i * 1437 } as const),
}));

/** As a phone in a zone so many minutes ahead of Ann's writes it. */
function whatsapp(said: readonly Said[], { ahead = 0, names = ['Ann', 'Bob'] } = {}): string {
  const line = ({ from, text, at }: Said): string => {
    const [date, time] = new Date(Date.UTC(2024, 2, 13, 9, 5 + at + ahead)).toISOString().split('T') as [
      string,
      string,
    ];
    const [year, month, day] = date.split('-');
    return `${day}/${month}/${year}, ${time.slice(0, 5)} - ${names[from === 'Ann' ? 0 : 1]}: ${text}\n`;
  };
  return said.map(line).join('');
}

/** Each has its own numbers for a chat of two, and may have no Unix times. */
function telegram(said: readonly Said[], peer: 'Ann' | 'Bob', { unix = true, ahead = 0 } = {}): string {
  const ids = { Ann: 1, Bob: 2 };
  const messages = said.map(({ from, text, at }, i) => {
    const time = Date.UTC(2024, 2, 13, 9, 5 + at);
    const date = new Date(time + ahead * 60_000).toISOString().slice(0, 19);
    const own = {
      id: (peer === 'Ann' ? 100 : 700) + i,
      type: 'message',
      date,
      from,
      from_id: `user${ids[from]}`,
      text,
    };
    return unix ? { ...own, date_unixtime: String(time / 1000) } : own;
  });
  return JSON.stringify({ name: peer, type: 'personal_chat', id: ids[peer], messages });
}

const folder = await mkdtemp(join(tmpdir(), 'custody-texts-'));
const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
const opened = await createCase(join(folder, 'case'), { person, title: 'texts', recipients: [] });
await addAuthority(opened, JSON.stringify(WARRANT));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function compared(a: readonly [string, string], b: readonly [string, string]): Promise<CompareLine[]> {
  for (const [name, text] of [a, b]) {
    await writeFile(join(folder, name), text);
    await ingest(opened, join(folder, name), { authority: 'W', keys: [], receipt: RECEIPT, threads: 1 });
  }
  const lines: CompareLine[] = [];
  for await (const line of compare(opened, a[0], b[0])) lines.push(line);
  return lines;
}

const counts = (lines: readonly CompareLine[]) => {
  const { same, byText, undecided, differing, onlyInA, onlyInB } = lines.at(-1) as CompareLine;
  return { same, byText, undecided, differing, onlyInA, onlyInB };
};
const NONE = { same: 0, byText: 0, undecided: 0, differing: 0, onlyInA: 0, onlyInB: 0 };
const BOBS = { ahead: 345, names: ['Ann from work', 'Me'] };

it('pairs the exports of two phones by text and minute, and tells what one lacks, added or shows as another person’s', async () => {
  const changed = CHAT.toSpliced(7, 1).map((said) =>
    said.at === 1437 * 12 ? { ...said, from: 'Ann' as const } : said,
  );
  const b = whatsapp([...changed, { from: 'Bob', text: 'added later', at: 40_000 }], BOBS);
  const lines = await compared(['a.txt', whatsapp(CHAT)], ['b.txt', b]);
  expect(counts(lines)).toEqual({ ...NONE, byText: 18, differing: 1, onlyInA: 1, onlyInB: 1 });
  expect(lines.filter(({ result }) => result === 'differs').map(({ fields, row }) => [fields, row])).toEqual([
    [['sender'], 13],
  ]);
  expect(lines.filter(({ result }) => result === 'only-in-a').map(({ row }) => row)).toEqual([8]);
});

it('says that a further copy is one, and does not decide where too few messages show the zone', async () => {
  const twice = [...CHAT, { from: 'Ann', text: 'ok', at: 50_000 }, { from: 'Ann', text: 'ok', at: 50_000 }] as const;
  const lines = await compared(['c.txt', whatsapp(twice)], ['d.txt', whatsapp(twice.slice(0, -1), BOBS)]);
  expect(counts(lines)).toEqual({ ...NONE, byText: 21, onlyInA: 1 });
  expect(lines.find(({ result }) => result === 'only-in-a')).toMatchObject({ copy: true, row: 22 });
  const few = CHAT.slice(0, 2);
  const open = await compared(['e.txt', whatsapp(few)], ['f.txt', whatsapp(few, BOBS)]);
  expect(counts(open)).toEqual({ ...NONE, undecided: 4 });
});

it('pairs the exports of Telegram of both accounts, with Unix times and without', async () => {
  const [a, b] = [telegram(CHAT, 'Bob'), telegram(CHAT.toSpliced(3, 1), 'Ann')];
  const lines = await compared(['a.json', a], ['b.json', b]);
  expect(counts(lines)).toMatchObject({ differing: 0, onlyInA: 1, onlyInB: 0, undecided: 0 });
  const [c, d] = [telegram(CHAT, 'Bob', { unix: false }), telegram(CHAT, 'Ann', { unix: false, ahead: -60 })];
  expect(counts(await compared(['c.json', c], ['d.json', d]))).toEqual({ ...NONE, byText: 20 });
});
