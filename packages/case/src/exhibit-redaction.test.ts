import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExhibitDocument, readDocument, readZip, renderBody } from '@custody/exhibit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../test/fixture-case.ts';
import type { ItemJson } from './item-json.ts';
import { listItems } from './list-leaves.ts';
import { type ExhibitOptions, type MadeExhibit, makeExhibit } from './make-exhibit.ts';
import type { Case } from './open-case.ts';
import { loadOrCreatePerson } from './person.ts';
import { readRedactions, valueRule } from './redaction-rules.ts';
import { verifyExhibitFile } from './verify-exhibit-file.ts';

let folder = '';
let opened: Case;
const items: ItemJson[] = [];
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-redaction-'));
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  for await (const item of listItems(opened)) if (item.disposition === 'in-scope') items.push(item);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function make(options: Partial<ExhibitOptions> = {}): Promise<MadeExhibit> {
  const out = join(folder, `${made++}.zip`);
  const chosen = items.map((item) => item.index);
  return makeExhibit(opened, { items: chosen, context: 0, redact: [], selection: [], out, ...options });
}

async function documentOf({ out }: MadeExhibit): Promise<ExhibitDocument> {
  return readDocument((await readZip(out)).get('data/exhibit.json') as Uint8Array);
}

const rules = (...redactions: object[]) => readRedactions(JSON.stringify({ redactions }));
const why = { reason: 'a source', authority: 'order 7/26' };
const holds = async ({ out }: MadeExhibit, text: string) => {
  const file = await readFile(out);
  return file.includes(text) || file.includes(Buffer.from(text).toString('hex'));
};
/** An item whose text is in pieces, and its first words. */
function longItem(): { item: ItemJson; words: string } {
  const item = items.reduce((a, b) => ((b.body ?? '').length > (a.body ?? '').length ? b : a));
  expect(Buffer.byteLength(item.body ?? '')).toBeGreaterThan(64);
  const all = (item.body ?? '').split(/\s+/).filter((word) => word.length > 3);
  return { item, words: all[0] ?? '' };
}

describe('withholding a passage', () => {
  it('withholds whole pieces, keeps the others, says so, and still verifies', async () => {
    const { item, words } = longItem();
    const exhibit = await make({ items: [item.index], redactions: rules({ item: item.index, text: words, ...why }) });
    const document = await documentOf(exhibit);
    const leaf = document.leaves.find(({ index }) => index === item.index);
    const body = leaf?.fields[9];
    if (body === undefined || !('pieces' in body)) throw new Error('the text is not in pieces');
    const gone = body.pieces.filter((piece) => 'digest' in piece).length;
    expect(gone).toBeGreaterThan(0);
    expect(gone).toBeLessThan(body.pieces.length);
    expect(leaf).toMatchObject({ because: [0], raw: [] });
    expect(document.redactions).toEqual([{ what: 'span', field: 'body', ...why, items: 1 }]);
    expect(await holds(exhibit, words)).toBe(false);
    expect(renderBody(document)).toContain('passage withheld');
    expect(await verifyExhibitFile(exhibit.out, opened.verifierKeyText)).toMatchObject({ ok: true, page: 'agrees' });
  });

  it('by offsets withholds what the words there withhold', async () => {
    const { item, words } = longItem();
    const start = (item.body ?? '').indexOf(words);
    const offsets = rules({ item: item.index, start, end: start + words.length, ...why });
    const one = await documentOf(await make({ items: [item.index], redactions: offsets }));
    const other = await documentOf(
      await make({ items: [item.index], redactions: rules({ item: item.index, text: words, ...why }) }),
    );
    expect(one.leaves).toEqual(other.leaves);
  });

  it('that is not there is a mistake, not an exhibit', async () => {
    const { item } = longItem();
    const act = make({ redactions: rules({ item: item.index, text: 'never said \u2603', ...why }) });
    await expect(act).rejects.toMatchObject({ code: 'ARGUMENT_INVALID', family: 'usage' });
    await expect(stat(join(folder, `${made - 1}.zip`))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('withholding a value', () => {
  it('leaves it nowhere: text, parties, conversations, raw records, in no encoding', async () => {
    // A number that not every item names.
    const named = Object.entries(Object.groupBy(items, (item) => item.sender?.value ?? ''));
    const rarest = named
      .filter(([value]) => value.startsWith('+'))
      .sort((a, b) => (a[1]?.length ?? 0) - (b[1]?.length ?? 0));
    const number = rarest[0]?.[0] ?? '';
    expect(number.length).toBeGreaterThan(8);
    const exhibit = await make({ redactions: [valueRule(number, why)] });
    expect(await holds(exhibit, number)).toBe(false);
    expect(await holds(exhibit, number.slice(1))).toBe(false);
    const document = await documentOf(exhibit);
    const touched = document.leaves.filter((leaf) => leaf.because.length > 0);
    expect(touched.length).toBeGreaterThan(0);
    expect(document.redactions).toEqual([{ what: 'value', field: null, ...why, items: touched.length }]);
    // What says nothing of it is shown with its raw records.
    expect(document.leaves.some((leaf) => leaf.raw.length > 0)).toBe(true);
    expect(await verifyExhibitFile(exhibit.out)).toMatchObject({ ok: true });
  });

  it('leaves it nowhere in another spelling either, nor any mention of it', async () => {
    const all = await documentOf(await make());
    const imei = all.mentions?.flatMap((one) => one.found).find((one) => one.type === 'imei')?.value ?? '';
    expect(imei).toMatch(/^\d{15}$/);
    const spelt = imei.replace(/^(..)(......)(......)(.)$/, '$1-$2-$3-$4');
    const document = await documentOf(await make({ redactions: [valueRule(spelt, why)] }));
    expect(JSON.stringify(document)).not.toContain(imei);
    expect(JSON.stringify(document)).not.toContain(Buffer.from(imei).toString('hex'));
    expect(document.mentions?.length).toBeGreaterThan(0);
  });

  it('that digits of a hash happen to be is no residue', async () => {
    expect((await make({ redactions: [valueRule('c0de'), valueRule('4815')] })).shown).toBe(items.length);
  });

  it('in the exhibit\u2019s own words is refused', async () => {
    const act = make({ redactions: [valueRule('Operation Heron')], exhibitRef: 'About Operation Heron' });
    await expect(act).rejects.toMatchObject({ code: 'AUTHORITY_REFUSES', refused: true });
  });

  it('of three characters is a mistake', () => {
    expect(() => valueRule('abc')).toThrow(/four letters/);
  });
});

describe('withholding a field of one item', () => {
  it('leaves the same field of the others', async () => {
    const [first] = items.filter(({ body }) => (body ?? '').length > 30);
    const exhibit = await make({ redactions: rules({ item: first?.index, field: 'body', ...why }) });
    const document = await documentOf(exhibit);
    const closed = document.leaves.filter((leaf) => 'digest' in (leaf.fields[9] ?? {}));
    expect(closed.map(({ index }) => index)).toContain(first?.index);
    expect(closed.length).toBeLessThan(document.leaves.length / 2);
    expect(document.redacted).toEqual([]);
    expect(await verifyExhibitFile(exhibit.out)).toMatchObject({ ok: true });
  });
});

describe('attachments', () => {
  it('by none are withheld with a rule, by full come as files of their own hash', async () => {
    const none = await documentOf(await make({ media: 'none' }));
    expect(none.redacted).toEqual(['attachments']);
    expect(none.redactions).toMatchObject([{ what: 'media', field: 'attachments', reason: null }]);
    const full = await make({ media: 'full' });
    const document = await documentOf(full);
    const present = items.flatMap(({ attachments }) => attachments).filter((one) => one.present);
    expect(new Set(document.leaves.flatMap((leaf) => leaf.media)).size).toBe(
      new Set(present.map((one) => one.sha256)).size,
    );
    expect(await verifyExhibitFile(full.out)).toMatchObject({ ok: true });
  });
});

describe('a redaction file', () => {
  it.each([
    ['no JSON', '{'],
    ['another key', '{"redactions": [], "more": 1}'],
    ['a rule without a reason', '{"redactions": [{"field": "body", "authority": "x"}]}'],
    ['a rule with an unknown key', '{"redactions": [{"field": "body", "reason": "x", "authority": "x", "feild": 1}]}'],
    ['a field that is none', '{"redactions": [{"field": "toString", "reason": "x", "authority": "x"}]}'],
    ['a passage backwards', '{"redactions": [{"item": 1, "start": 5, "end": 2, "reason": "x", "authority": "x"}]}'],
    ['a value with a place', '{"redactions": [{"item": 1, "value": "abcd", "reason": "x", "authority": "x"}]}'],
    [
      'a passage of another field',
      '{"redactions": [{"item": 1, "field": "sender", "text": "a", "reason": "x", "authority": "x"}]}',
    ],
  ])('with %s is refused', (_, text) => {
    expect(() => readRedactions(text)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }) as Error);
  });
});
