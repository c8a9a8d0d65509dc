import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  digestOfEventField,
  type EventField,
  encodeStatement,
  type LoggedCommit,
  readEvents,
  rewriteName,
  storeObject,
} from '@custody/segment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import { everythingReadable, objectsWith } from '../../../../test/walk-case.ts';
import { expunge, expungementPlan } from '../expunge.ts';
import { finishRewrites } from '../finish-rewrites.ts';
import type { ItemJson } from '../item-json.ts';
import { listItems } from '../list-leaves.ts';
import { type LogLine, listLog } from '../list-log.ts';
import { markItems } from '../marks/mark-items.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { queryCase } from '../query-case.ts';
import { recordAccess } from '../record-access.ts';
import { verifyCase } from '../verify-case.ts';
import { storeReworded } from './plan-quotations.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-quotations-'));
const base = join(folder, 'base');
let person: Person;
let going: ItemJson;
let staying: ItemJson;
let body = '';
/** What persons typed, by log entry. */
const typed: number[] = [];
let innocent = 0;
let copies = 0;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const opened = await fixtureCase(base, person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  const items = await collect(listItems(opened));
  const text = JSON.stringify(items);
  // No stretch of 16 characters of what is quoted stands anywhere else.
  const isOnce = (part: string) => text.split(JSON.stringify(part).slice(1, -1)).length === 2;
  const alone = items.filter(
    ({ disposition, body: own }) =>
      disposition === 'in-scope' &&
      own !== null &&
      [2, 4, 6].every((at) => isOnce(own.slice(at, at + 16)) && own.length > 24),
  );
  [going, staying] = alone as [ItemJson, ItemJson];
  body = going.body as string;
  await type(opened, () => collect(queryCase(opened, { text: body, reason: 'a look' })));
  await type(opened, () => recordAccess(opened, 'items', { reason: `he says "${body.slice(2, 22)}"`, parameters: {} }));
  const inBase64 = Buffer.from(`so: ${body}`).toString('base64');
  await type(opened, () => recordAccess(opened, 'items', { reason: inBase64, parameters: {} }));
  const mark = { label: 'relevant', withdraw: false, items: [going.index] } as const;
  await type(opened, () => markItems(opened, { ...mark, reason: `NOTE ${body.toUpperCase()}` }));
  innocent = opened.ledger.size;
  await recordAccess(opened, 'items', { reason: `and "${staying.body}"`, parameters: {} });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function type(opened: Case, act: () => Promise<unknown>): Promise<void> {
  typed.push(opened.ledger.size);
  await act();
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const one of all) out.push(one);
  return out;
}

async function fork(): Promise<{ path: string; opened: Case }> {
  const path = join(folder, `copy-${copies++}`);
  cpSync(base, path, { recursive: true });
  return { path, opened: await openCase(path, { person }) };
}

function order(more: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    ...{ id: 'O-9', reference: 'Beschluss 9', issuedBy: 'Court of Example', mode: 'derived' },
    ...{ reason: `"${body}" is a letter to a lawyer`, ...more },
  });
}

async function logOf(path: string): Promise<LogLine[]> {
  return collect(listLog(await openCase(path, { person })));
}

/** Objects that hold any of the destroyed words, the sealed original aside, with every key there is. */
async function holding({ path, opened }: { path: string; opened: Case }): Promise<string[]> {
  const all = await everythingReadable((await openCase(path, { person })).vault, person);
  const original = [...opened.state.captures.values()].map(({ label }) => `originals/${label}`);
  const forms = [body, body.slice(2, 22), body.toUpperCase()].map((one) => Buffer.from(one));
  forms.push(Buffer.from(Buffer.from(`so: ${body}`).toString('base64')));
  return forms.flatMap((form) => objectsWith(all, form)).filter((name) => !original.includes(name));
}

async function expectSound(path: string, who: Person | null = person): Promise<void> {
  expect((await verifyCase(path, { person: who })).failures).toEqual([]);
}

describe('words that persons typed into events', () => {
  it('go with the item they quote, in whatever encoding; entries, proofs and all other words stay', async () => {
    const at = await fork();
    expect((await holding(at)).filter((name) => name.startsWith('events/')).length).toBeGreaterThan(3);
    const before = await logOf(at.path);
    const plan = await expungementPlan(at.opened, order({ items: [going.index] }));
    expect(plan.events.map(({ entry, by }) => [entry, by])).toEqual(typed.map((entry) => [entry, 'quotation']));
    await expunge(at.opened, order({ items: [going.index] }));
    expect(await holding(at)).toEqual([]);
    await expectSound(at.path);
    await expectSound(at.path, null);
    const after = await logOf(at.path);
    for (const line of before) {
      const now = after[line.entry] as LogLine;
      if (typed.includes(line.entry)) expect(now.expunged?.length, `${line.entry}`).toBeGreaterThan(0);
      else expect(now).toEqual(line);
    }
    expect(after[typed[1] as number]?.reason).toMatch(/^he says "\[expunged\]"$/);
    expect(after[typed[3] as number]?.reason).toBe('NOTE [expunged]');
    expect(after[innocent]?.reason).toContain(staying.body);
    expect(after[before.length]?.reason).toBe('"[expunged]" is a letter to a lawyer');
    const opened = await openCase(at.path, { person });
    expect(opened.state.marks.all.map(({ runs }) => runs)).toEqual([[[going.index, 1]]]);
  });

  it('go where the order names the event, and no item with them', async () => {
    const at = await fork();
    const report = await expunge(at.opened, order({ events: [innocent], mode: undefined, reason: 'by mistake' }));
    expect(report).toMatchObject({ leaves: 0, events: [{ entry: innocent, by: 'order', fields: ['reason'] }] });
    expect((await logOf(at.path))[innocent]).toMatchObject({ reason: '[expunged]', expunged: ['reason'] });
    await expectSound(at.path);
    // A second order finds what the first wrote anew, and goes on from there.
    await expunge(at.opened, order({ items: [going.index] }));
    expect(await holding(at)).toEqual([]);
    expect((await logOf(at.path))[innocent]?.reason).toBe('[expunged]');
    await expectSound(at.path);
  });

  it('go in another form than the item has them: numbers in groups, letters without accents', async () => {
    const at = await fork();
    const items = await collect(listItems(at.opened));
    const numbers = (own: ItemJson) => [...(own.body ?? '').matchAll(/\+?\d{10,15}/g)].map(([one]) => one.slice(-9));
    const all = JSON.stringify(items).replace(/[ ()./-]/g, '');
    const own = items.find((one) => numbers(one).some((digits) => all.split(digits).length === 2)) as ItemJson;
    const digits = numbers(own).find((one) => all.split(one).length === 2) as string;
    const [dressed, entry] = [
      `0 ${digits.slice(0, 2)}/${digits.slice(2, 5)}.${digits.slice(5)}`,
      at.opened.ledger.size,
    ];
    await recordAccess(at.opened, 'items', { reason: `whose is ${dressed}?`, parameters: { value: dressed } });
    const wide = body.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    await recordAccess(at.opened, 'items', { reason: wide, parameters: {} });
    await expunge(at.opened, order({ items: [own.index, going.index] }));
    const log = await logOf(at.path);
    expect(log[entry]?.reason).toBe('whose is [expunged]?');
    expect(log[entry + 1]?.reason).toBe('[expunged]');
    const left = await everythingReadable((await openCase(at.path, { person })).vault, person);
    expect([...objectsWith(left, Buffer.from(dressed)), ...objectsWith(left, Buffer.from(wide))]).toEqual([]);
    await expectSound(at.path);
  });

  it('are told, and stay, where they stand in something that stays', async () => {
    const { opened } = await fork();
    const items = await collect(listItems(opened));
    const phrase = (own: ItemJson) => (own.body ?? '').slice(0, 18);
    const one = items.find(
      (own) => phrase(own).length === 18 && items.filter((x) => x.body?.startsWith(phrase(own))).length > 1,
    );
    await recordAccess(opened, 'items', { reason: phrase(one as ItemJson), parameters: {} });
    const plan = await expungementPlan(opened, order({ items: [one?.index] }));
    expect(plan.remains.join()).toContain(`log entries ${opened.ledger.size - 1}: words typed there`);
    expect(plan.events.map(({ entry }) => entry)).not.toContain(opened.ledger.size - 1);
  });

  it('are destroyed in no event that proofs rest on, and in none that is not there', async () => {
    const { opened } = await fork();
    await expect(expunge(opened, order({ events: [0] }))).rejects.toThrow(/kind "init"/);
    await expect(expunge(opened, order({ events: [99_999] }))).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
    const nothing = order({ events: [0], items: undefined }).replace('"events":[0]', '"events":["5-2"]');
    await expect(expunge(opened, nothing)).rejects.toMatchObject({ code: 'ORDER_INVALID' });
  });

  it('of an event that the case rests on cannot be exchanged, by nobody who holds every key', async () => {
    const { path, opened } = await fork();
    const commit = opened.ledger.commits[0] as LoggedCommit;
    const identities = opened.held.evidence?.all ?? [];
    const openings = await readEvents(opened.vault, opened.ledger, { commit, identities });
    const fields = (openings[0] as EventField[]).map((field, i) =>
      i === 4 ? { salt: new Uint8Array(0), value: field.value, digest: digestOfEventField(5, field) } : field,
    );
    const others = openings.slice(1).map((own) => ({ fields: own }));
    const before = commit.events as string;
    const { objects, reopened } = await storeReworded(opened, {
      ...{ events: [], kept: [], order: JSON.parse(order({ events: [1] })) },
      commits: [{ before, openings: [{ fields }, ...others] }],
    });
    const bytes = encodeStatement({ leaves: [], segments: [], names: [before], reopened });
    const statement = await storeObject(opened.vault, rewriteName('ab'.repeat(16)), bytes);
    await opened.append([opened.draft('expunge', {})], [statement, ...objects]);
    await expect(openCase(path, { person })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  });

  it('are looked for once more in what was typed beside the order', async () => {
    const at = await fork();
    const { append } = at.opened;
    let isFirst = true;
    at.opened.append = async (...args) => {
      if (isFirst && args[0].some(({ kind }) => kind === 'expunge')) {
        isFirst = false;
        const beside = await openCase(at.path, { person });
        await recordAccess(beside, 'items', { reason: `quick: ${body}`, parameters: {} });
      }
      return append.apply(at.opened, args);
    };
    await expunge(at.opened, order({ items: [going.index] }));
    expect(await holding(at)).toEqual([]);
    expect(await finishRewrites(at.opened)).toEqual([]);
    await expectSound(at.path);
  });
});
