import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExhibitDocument, readDocument, readZip } from '@custody/exhibit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../test/fixture-case.ts';
import type { ItemJson } from './item-json.ts';
import { listItems } from './list-leaves.ts';
import { type ExhibitOptions, type MadeExhibit, makeExhibit } from './make-exhibit.ts';
import type { Case } from './open-case.ts';
import { loadOrCreatePerson } from './person.ts';
import { verifyExhibitFile } from './verify-exhibit-file.ts';

let folder = '';
let opened: Case;
const items: ItemJson[] = [];
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-exhibit-'));
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  await ingestFixture(opened, 'msgstore.db.crypt14');
  for await (const item of listItems(opened)) items.push(item);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inScope = () => items.filter((item) => item.disposition === 'in-scope');

function make(options: Partial<ExhibitOptions> = {}): Promise<MadeExhibit> {
  const chosen = inScope().map((item) => item.index);
  const out = join(folder, `${made++}.zip`);
  return makeExhibit(opened, { items: chosen, context: 0, redact: [], selection: [], out, ...options });
}

async function documentOf({ out }: MadeExhibit): Promise<ExhibitDocument> {
  return readDocument((await readZip(out)).get('data/exhibit.json') as Uint8Array);
}

/** Names of the encodings in which a text stands in a file. */
function occurrences(file: Buffer, text: string): string[] {
  const bytes = Buffer.from(text);
  const escaped = [...text].map((c) =>
    c.length > 1 || c > '~' ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c,
  );
  const forms: Record<string, Buffer> = {
    ...{ raw: bytes, hex: Buffer.from(bytes.toString('hex')), HEX: Buffer.from(bytes.toString('hex').toUpperCase()) },
    ...{ base64: Buffer.from(bytes.toString('base64').replace(/.{0,2}=*$/, '')), utf16: Buffer.from(text, 'utf16le') },
    ...{ percent: Buffer.from(encodeURIComponent(text)), json: Buffer.from(escaped.join('')) },
  };
  return Object.keys(forms).filter((name) => file.includes(forms[name] as Buffer));
}

/** What an item says in one of its fields, as far as it can be told from everything else. */
const telling: Readonly<Record<string, (item: ItemJson) => readonly (string | null | undefined)[]>> = {
  body: (item) => [item.body],
  sender: (item) => [item.sender?.value, item.sender?.display],
  conversation: (item) => [item.conversation],
  messageId: (item) => [item.messageId],
  sentAt: (item) => [item.sentAt?.raw],
  attachments: (item) => item.attachments.flatMap((one) => [one.name, one.sha256]),
  refs: (item) => item.refs.map((ref) => ref.id),
};

describe('an exhibit', () => {
  it('shows every item in scope, its raw records, counts that add up, and verifies', async () => {
    const exhibit = await make();
    const document = await documentOf(exhibit);
    expect(exhibit.shown).toBe(inScope().length);
    expect(exhibit.rawRecords).toBeGreaterThanOrEqual(exhibit.shown);
    expect(document.completeness.inScope).toBe(exhibit.shown);
    expect(document.completeness.outOfScope).toBeGreaterThan(0);
    for (const one of document.conversations) expect(one).toMatchObject({ shown: one.held, withheld: 'unknown' });
    expect(document.completeness.limits.map((limit) => limit.code)).toContain('NOT_COVERED');
    const verdict = await verifyExhibitFile(exhibit.out, opened.verifierKeyText);
    expect(verdict).toMatchObject({ ok: true, page: 'agrees', verifierKey: { source: 'pinned' } });
  });

  it('holds nothing that lies with the withheld or the privileged', async () => {
    const file = await readFile((await make({ context: 50 })).out);
    // The name of a group, or a quotation, can be said by an item in scope, too.
    const shown = `${JSON.stringify(inScope())}${inScope().map((item) => item.body)}`;
    const apart = items.filter((item) => item.disposition !== 'in-scope');
    const texts = apart
      .flatMap(({ body, messageId }) => [body, messageId])
      .filter((text) => (text ?? '').length >= 8 && !shown.includes(text ?? ''));
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter((text) => occurrences(file, text ?? '').length > 0)).toEqual([]);
  });

  it('is the same bytes for the same command at the same size, and another at another', async () => {
    const items = [inScope()[0]?.index ?? -1];
    const first = await make({ items, context: 3 });
    const second = await make({ items, context: 3, at: first.size });
    expect(second.sha256).toBe(first.sha256);
    expect(await readFile(second.out)).toEqual(await readFile(first.out));
    const later = await make({ items, context: 3, at: opened.ledger.entries.length });
    expect(later.sha256).not.toBe(first.sha256);
    expect(await verifyExhibitFile(later.out)).toMatchObject({ ok: true });
  });

  it('at an earlier size knows nothing of what came later', async () => {
    const complete = opened.ledger.entries.find((entry) => entry.kind === 'complete')?.index ?? -1;
    const document = await documentOf(await make({ items: [inScope()[0]?.index ?? -1], at: complete }));
    expect(document.derivations).toMatchObject([{ complete: null, totals: null }]);
    expect(document.completeness).toMatchObject({ inScope: null, outOfScope: null });
    expect(await verifyExhibitFile(join(folder, `${made - 1}.zip`))).toMatchObject({ ok: true });
  });

  it('takes context from the same conversation only', async () => {
    const one = inScope().find((item) => item.body !== null) as ItemJson;
    const document = await documentOf(await make({ items: [one.index], context: 2 }));
    const shown = document.leaves
      .filter((leaf) => leaf.role === 'context')
      .map((leaf) => items.find((item) => item.index === leaf.index));
    expect(shown.length).toBeGreaterThan(0);
    for (const item of shown)
      expect(item).toMatchObject({ conversation: one.conversation, derivation: one.derivation });
  });
});

describe('refused', () => {
  it.each([
    ['an index that is none', { items: [1e9] }, 'ITEM_UNKNOWN'],
    ['a finding', { items: [0] }, 'ITEM_UNKNOWN'],
    ['nothing', { items: [] }, 'NOTHING_SELECTED'],
    ['a size that is no checkpoint', { at: 999_999 }, 'ARGUMENT_INVALID'],
    ['a size before the items', { at: 1 }, 'ITEM_UNKNOWN'],
    ['a field that is none', { redact: ['toString'] }, 'ARGUMENT_INVALID'],
  ] as const)('%s', async (_, options, code) => {
    await expect(make(options)).rejects.toMatchObject({ code, family: 'usage' });
  });

  it.each(['out-of-scope', 'privileged'])('what is %s, and the refusal is recorded', async (disposition) => {
    const before = opened.ledger.entries.length;
    const index = items.find((item) => item.disposition === disposition)?.index ?? -1;
    await expect(make({ items: [index] })).rejects.toMatchObject({ code: 'AUTHORITY_REFUSES', refused: true });
    expect(opened.ledger.entries.slice(before).map((entry) => entry.kind)).toEqual(['refuse']);
  });

  it('a withheld value in the exhibit\u2019s own words, recorded, and no file is left', async () => {
    const body = inScope().find((item) => (item.body ?? '').length > 20)?.body ?? '';
    const before = opened.ledger.entries.length;
    const act = make({ redact: ['body'], exhibitRef: `about "${body}"` });
    await expect(act).rejects.toMatchObject({ code: 'AUTHORITY_REFUSES', refused: true });
    await expect(act).rejects.not.toThrow(body);
    expect(opened.ledger.entries.slice(before).map((entry) => entry.kind)).toEqual(['refuse']);
    await expect(stat(join(folder, `${made - 1}.zip`))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('withholding', () => {
  it.each(Object.entries(telling))('%s leaves it nowhere in the file, in no encoding', async (field, tell) => {
    const exhibit = await make({ redact: [field] });
    const file = await readFile(exhibit.out);
    const values = [...new Set(inScope().flatMap(tell))].filter((value): value is string => (value ?? '').length >= 8);
    expect(values.length).toBeGreaterThan(0);
    const left = values.filter((value) => occurrences(file, value).length > 0);
    expect(left).toEqual([]);
    const verdict = await verifyExhibitFile(exhibit.out, opened.verifierKeyText);
    expect(verdict).toMatchObject({ ok: true, page: 'agrees', checked: { rawRecords: 0 } });
  });

  it('a field withholds the query that found it', async () => {
    const exhibit = await make({ redact: ['body'], selection: ['text see you', 'from 2024-03-01'] });
    expect((await documentOf(exhibit)).selection).toEqual([
      'text (withheld: it tells of a withheld field)',
      'from 2024-03-01',
    ]);
  });
});
