import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { telecomSheet } from './stored-table-format.ts';

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OF = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** A cell: text, a number, or `[serial]`, a number shown as a date. */
type Cell = string | number | readonly [number];

function sheetXml(rows: readonly (readonly Cell[])[]): string {
  const cellXml = (cell: Cell, at: string) => {
    if (typeof cell === 'string') return `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
    return typeof cell === 'number' ? `<c r="${at}"><v>${cell}</v></c>` : `<c r="${at}" s="1"><v>${cell[0]}</v></c>`;
  };
  const xml = rows.map((row, r) => {
    const cells = row.map((cell, c) => cellXml(cell, `${String.fromCharCode(65 + c)}${r + 1}`)).join('');
    return `<row r="${r + 1}">${cells}</row>`;
  });
  return `<worksheet ${MAIN}><sheetData>${xml.join('')}</sheetData></worksheet>`;
}

async function workbook(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  const add = (name: string, text: string) => zip.add(name, new Uint8ArrayReader(Buffer.from(text)));
  const names = Object.keys(sheets);
  const list = names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"/>`).join('');
  const links = names.map((_, i) => `<Relationship Id="r${i}" Target="worksheets/s${i}.xml"/>`).join('');
  await add('xl/workbook.xml', `<workbook ${MAIN} ${OF}><sheets>${list}</sheets></workbook>`);
  await add('xl/_rels/workbook.xml.rels', `<Relationships xmlns="x">${links}</Relationships>`);
  const formats = '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>';
  await add(
    'xl/styles.xml',
    `<styleSheet ${MAIN}>${formats}<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
  );
  for (const [i, rows] of Object.values(sheets).entries()) await add(`xl/worksheets/s${i}.xml`, sheetXml(rows));
  return zip.close();
}

function decode(bytes: Uint8Array, profile?: object): Promise<Decoded> {
  const beside = (name: string) =>
    name === 't.table.json' && profile !== undefined ? memorySource(Buffer.from(JSON.stringify(profile))) : null;
  return decodeAll(telecomSheet, { name: 't', source: memorySource(bytes), beside });
}

const details = ({ findings }: Decoded) => findings.map(({ code, detail }) => `${code} ${detail}`).join('\n');
const HEAD = ['IMEI', 'ICCID', 'MSISDN', 'Seen (UTC)'];

describe('workbooks', () => {
  it('are a table a sheet, below a title, dates read from the day numbers they are kept as', async () => {
    const book = await workbook({
      Handsets: [['Seized 2025'], [], HEAD, ['350000001234562', '8944000000000000017', '+447700900001', [45720.5]]],
      Notes: [['nothing', 'of this']],
      Calls: [
        ['caller', 'called', 'start (UTC)', 'duration'],
        ['+447700900001', '+447700900002', [45720], [0.5 / 24]],
      ],
    });
    expect(detectFormat(probeOf('x', memorySource(book)))[0]?.format.name).toBe('telecom-sheet');
    const decoded = await decode(book);
    const [handset, call] = decoded.items;
    expect(handset).toMatchObject({
      kind: 'device',
      locator: { path: 't!xl/worksheets/s0.xml', row: 4 },
      owner: { type: 'imei', value: '350000001234562' },
      sentAt: { utc: Date.UTC(2025, 2, 4, 12), raw: '45720.5', zone: 'UTC', precision: 's' },
    });
    expect(call?.sentAt).toMatchObject({ utc: Date.UTC(2025, 2, 4), precision: 'day' });
    expect(call?.times?.get('until')).toMatchObject({ utc: Date.UTC(2025, 2, 4, 0, 30) });
    expect(details(decoded)).toContain('the sheet "Notes" has no headings');
    expect(decoded.counts).toEqual({ records: 2, decoded: 2, lost: 0, notCovered: 0 });
  });

  it('keep what is in the cell and say what the spreadsheet did to it', async () => {
    const rows: Cell[][] = [
      [350000001234562, 8.944e18, 7700900003, [45720]],
      ['3.50000001234562E+14', '8944000000000000025', '+447700900002', '13/04/2025 10:00'],
      ['x'.repeat(32_767), '', '', ''],
    ];
    const decoded = await decode(await workbook({ a: [HEAD, ...rows] }));
    expect(decoded.items.map(({ owner }) => owner)).toMatchObject([
      { value: '350000001234562' },
      { value: '350000001234562' },
      { type: 'imei' },
    ]);
    expect(decoded.items[0]?.fields?.get('cells')).toEqual(
      new Map(
        Object.entries({
          IMEI: '350000001234562',
          ICCID: '8944000000000000000',
          MSISDN: '7700900003',
          'Seen (UTC)': '45720',
        }),
      ),
    );
    const said = details(decoded);
    for (const part of [
      '1 of 3 cells of column "IMEI" are numbers, not text',
      'digits that end in zeros',
      'scientific notation that has all its digits',
      'exactly 32767 characters',
      'day and month may be exchanged',
      'keeps as day numbers',
    ]) {
      expect(said).toContain(part);
    }
  });

  it('link rows that are there twice, and report a damaged sheet from where it breaks', async () => {
    const row = ['350000001234562', '8944000000000000017', '+447700900001', [45720]] as const;
    const twice = await decode(await workbook({ a: [HEAD, row, row] }));
    expect(twice.findings.find(({ code }) => code === 'DUPLICATE')?.locator).toMatchObject({ row: 3 });
    const none = await decode(await workbook({ a: [['x', 'y']] }));
    expect(none.findings[0]).toMatchObject({ code: 'FORMAT_UNKNOWN' });
    const bytes = await workbook({ a: [HEAD, row, row] });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const { counts, findings } = await decode(bytes.with(at, value));
        expect(counts.decoded + findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('texts that the plain decoder does not take', () => {
  const text = 'Rufnummer;IMEI;Modell\r\n+49 30 23125 001;350000001234562;Ger\u00e4t\r\n';

  it.each(['utf-16le', 'utf-16be'])('%s by its byte order mark', async (encoding) => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    if (encoding === 'utf-16be') bytes.swap16();
    expect(detectFormat(probeOf('x', memorySource(bytes)))[0]?.claim.grounds).toContain(encoding);
    const [item] = (await decode(bytes)).items;
    expect(item).toMatchObject({ owner: { type: 'imei', value: '350000001234562' }, locator: { row: 2 } });
    expect(item?.fields?.get('model')).toBe('Ger\u00e4t');
  });

  it('below a title, in an encoding that a profile declares, or of fixed width', async () => {
    const below = await decode(Buffer.from(`Auskunft vom 1. Mai\n\n${text}`));
    expect(below.items[0]).toMatchObject({ locator: { row: 4 } });
    const declared = { custodyTable: 1, basedOn: 'invented', encoding: 'windows-1252' };
    expect((await decode(Buffer.from(text, 'latin1'), declared)).items[0]?.fields?.get('model')).toBe('Ger\u00e4t');
    const columns = [
      { name: 'imei', from: 0, to: 16 },
      { name: 'msisdn', from: 16, to: 30 },
    ];
    const fixed = { custodyTable: 1, basedOn: 'invented', fixed: { skip: 1, columns } };
    const { items } = await decode(Buffer.from('LIST\n350000001234562 447700900001\n'), fixed);
    expect(items[0]?.owner).toEqual({ type: 'imei', value: '350000001234562' });
    expect(items[0]?.recipients).toEqual([{ type: 'phone', value: '447700900001' }]);
  });
});
