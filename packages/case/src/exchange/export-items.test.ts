import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture, whatsAppFixtures } from '../../../../test/fixture-case.ts';
import { addAuthority } from '../add-authority.ts';
import { createCase } from '../create-case.ts';
import { listItems } from '../list-leaves.ts';
import type { Case } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { valueRule } from '../redaction-rules.ts';
import { exportItems } from './export-items.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let person: Person;
let opened: Case;
const inScope: number[] = [];
const others: number[] = [];
const TABLE = { formats: ['dat'], items: null, selection: ['every item in scope'], redact: [] } as const;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  for await (const item of listItems(opened)) (item.disposition === 'in-scope' ? inScope : others).push(item.index);
});

function column(out: string, name: string): string[] {
  const lines = readFileSync(join(out, 'items.dat'), 'utf8').slice(1).trimEnd().split('\r\n');
  const [head, ...rows] = lines.map((line) => line.slice(1, -1).split('\u00fe\u0014\u00fe'));
  return rows.map((row) => row[head?.indexOf(name) ?? -1] ?? 'no column');
}

describe('export', () => {
  it('has every item in scope once, in reading order, and records its hash before it is there', async () => {
    const out = join(folder, 'all');
    const made = await exportItems(opened, { ...TABLE, out });
    expect(
      column(out, 'CUSTODYITEM')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(inScope);
    const places = column(out, 'CONVERSATION').map((name, i) => `${name || '~'} ${column(out, 'DATESENT')[i] || '~'}`);
    expect(places).toEqual([...places].sort());
    expect(opened.ledger.entries.at(-1)?.kind).toBe('disclose');
    expect(made).toMatchObject({ items: inScope.length, leftOut: 0 });
  });

  it('gives the same bytes again', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const formats = ['rsmf', 'xlsx', 'case-uco'];
    const [a, b] = [
      await exportItems(opened, { ...TABLE, formats, out: one }),
      await exportItems(opened, { ...TABLE, formats, out: two }),
    ];
    expect(a.sha256).toBe(b.sha256);
  });

  it('makes page images that OPT and DAT name, the same bytes again; a DAT asked for besides is this one', async () => {
    const some = { ...TABLE, items: inScope.slice(0, 3), exhibitRef: 'JD/7', redact: ['body'] };
    const [one, two] = [join(folder, 'pages'), join(folder, 'pages-again')];
    const made = await exportItems(opened, { ...some, formats: ['dat', 'opt'], out: one });
    expect(made.formats.map(({ name }) => name)).toEqual(['opt']);
    const pages = readFileSync(join(one, 'items.opt'), 'utf8').trimEnd().split('\r\n');
    expect(pages.map((line) => line.split(',')[0])).toEqual(['JD700000001', 'JD700000002', 'JD700000003']);
    expect(column(one, 'BEGBATES')).toEqual(column(one, 'ENDBATES'));
    for (const line of pages) {
      const image = readFileSync(join(one, (line.split(',')[2] as string).replaceAll('\\', '/')));
      expect(image.subarray(0, 4)).toEqual(Buffer.from('49492a00', 'hex'));
    }
    expect((await exportItems(opened, { ...some, formats: ['opt'], out: two })).sha256).toBe(made.sha256);
  });

  it('leaves out what is not in scope and counts it', async () => {
    const out = join(folder, 'some');
    const items = [inScope[0] as number, others[0] as number, others[1] as number];
    expect(await exportItems(opened, { ...TABLE, items, out })).toMatchObject({ items: 1, leftOut: 2 });
    expect(column(out, 'CUSTODYITEM')).toEqual([String(inScope[0])]);
  });

  it('replaces nothing and leaves nothing behind when it fails', async () => {
    const out = join(folder, 'all');
    await expect(exportItems(opened, { ...TABLE, out })).rejects.toMatchObject({ code: 'EXPORT_EXISTS' });
    const empty = { ...TABLE, items: [others[0] as number], out: join(folder, 'none') };
    await expect(exportItems(opened, empty)).rejects.toMatchObject({ code: 'NOTHING_SELECTED' });
    const unknown = { ...TABLE, formats: ['ufdr'], out: join(folder, 'none') };
    await expect(exportItems(opened, unknown)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  it('withholds fields and values, and names what is withheld', async () => {
    const out = join(folder, 'redacted');
    const [value] = column(join(folder, 'all'), 'FROM').filter((one) => one.startsWith('phone:+'));
    const number = (value as string).slice('phone:'.length);
    const grounds = { reason: 'a source', authority: 'order 7/26' };
    const rules = { redact: ['body'], redactions: [valueRule(number, grounds)] };
    const made = await exportItems(opened, { ...TABLE, ...rules, formats: ['dat', 'case-uco', 'vcon'], out });
    expect(made.items + made.withheldItems).toBe(inScope.length);
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
      if (statSync(join(out, name)).isFile()) expect(readFileSync(join(out, name), 'utf8')).not.toContain(number);
    }
    const { redactions } = JSON.parse(readFileSync(join(out, 'export.json'), 'utf8'));
    expect(redactions).toMatchObject([
      { what: 'field', field: 'body' },
      { what: 'value', ...grounds },
    ]);
    expect(redactions[1].items).toBeGreaterThan(0);
    const told = { ...TABLE, exhibitRef: `X ${number}`, redactions: [valueRule(number)], out: join(folder, 'told') };
    await expect(exportItems(opened, told)).rejects.toThrow('the words of the producer');
    expect(new Set(column(out, 'TEXT'))).toEqual(new Set(['']));
    expect(column(out, 'REDACTED').every((names) => names.split('; ').includes('body'))).toBe(true);
    expect(column(out, 'REDACTED').some((names) => names.split('; ').includes('sender'))).toBe(true);
  });

  it('refuses what came under an authority for intelligence only, and records that', async () => {
    const other = await createCase(join(folder, 'intelligence'), { person });
    const warrant = JSON.parse(await readFile(join(whatsAppFixtures, 'warrant.json'), 'utf8')) as object;
    await addAuthority(other, JSON.stringify({ ...warrant, use: 'intelligence-only' }));
    await ingestFixture(other, 'msgstore.db.crypt15');
    const out = join(folder, 'refused');
    await expect(exportItems(other, { ...TABLE, out })).rejects.toMatchObject({ code: 'AUTHORITY_REFUSES' });
    expect(other.ledger.entries.at(-1)?.kind).toBe('refuse');
    expect(readdirSync(folder).filter((name) => name.startsWith('refused'))).toEqual([]);
  });
});
