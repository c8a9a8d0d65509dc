import readExcel from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { concordance } from './concordance.ts';
import { csvLine } from './csv-cell.ts';
import { opticon } from './opticon.ts';
import type { PageImages } from './page-images.ts';
import { MemoryFolder } from './testing/memory-folder.ts';
import { hostileTexts, sampleHeader, sampleItem, sampleItems, streamed } from './testing/sample-items.ts';
import { xlsx } from './xlsx.ts';
import { CELL_CHARACTERS } from './xlsx-parts.ts';

describe('dat', () => {
  it('reads back column by column, whatever evidence holds', async () => {
    const folder = new MemoryFolder();
    await concordance.write(streamed(sampleItems()), sampleHeader, folder);
    const text = folder.text('items.dat');
    expect(text.startsWith('\ufeff\u00feBEGBATES\u00fe\u0014')).toBe(true);
    const lines = text.slice(1).trimEnd().split('\r\n');
    const [head, ...rows] = lines.map((one) => one.slice(1, -1).split('\u00fe\u0014\u00fe'));
    expect(rows).toHaveLength(sampleItems().length);
    for (const row of rows) expect(row).toHaveLength(head?.length as number);
    const column = (name: string) => rows.map((row) => row[head?.indexOf(name) as number]);
    expect(column('CUSTODYLEAF')).toEqual(sampleItems().map((one) => one.leaf));
    expect(column('BEGBATES')[0]).toBe('JD100000001');
    expect(column('TEXT')[3]).toBe('two\u00aelines, a comma; a [U+0014] delimiter [U+00FE] and [U+00AE]');
  });
});

describe('opt', () => {
  /** One page for each paragraph that is not small print: what a setter of pages would find out by setting them. */
  async function made(): Promise<{ folder: MemoryFolder; feet: string[] }> {
    const feet: string[] = [];
    const pageImages: PageImages = async (documents, foot) => {
      let page = 0;
      return documents.map((document) =>
        document
          .filter(({ style }) => style?.size === 11 || style?.size === 10.5)
          .map(({ text }) => {
            feet.push(foot(page++));
            return new TextEncoder().encode(text);
          }),
      );
    };
    const folder = Object.assign(new MemoryFolder(), { pageImages: async () => pageImages });
    await opticon.write(streamed(sampleItems()), sampleHeader, folder);
    return { folder, feet };
  }

  it('numbers pages through, the same in DAT, OPT, file name and foot', async () => {
    const { folder, feet } = await made();
    const pages = folder.text('items.opt').trimEnd().split('\r\n');
    const rows = folder
      .text('items.dat')
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((one) => one.slice(1, -1).split('\u00fe\u0014\u00fe'));
    expect(pages.map((one) => one.split(',')[0])).toEqual(feet);
    expect(feet[0]).toBe('JD100000001');
    expect(pages.slice(0, 2)).toEqual([
      'JD100000001,VOL001,images\\0001\\JD100000001.tif,Y,,,2',
      'JD100000002,VOL001,images\\0001\\JD100000002.tif,,,,',
    ]);
    for (const page of pages) expect(folder.files.has((page.split(',')[2] as string).replaceAll('\\', '/'))).toBe(true);
    const firsts = pages.filter((one) => one.includes(',Y,')).map((one) => one.split(','));
    expect(rows.map((row) => [row[0], row.at(-1)])).toEqual(firsts.map((one) => [one[0], one[6]]));
    expect(rows.map((row) => row[1])).toEqual(
      firsts.map((one) => feet[feet.indexOf(one[0] as string) + Number(one[6]) - 1]),
    );
  });

  it('says of a withheld field that it is withheld, and of each column what it holds', async () => {
    const { folder } = await made();
    const texts = [...folder.files].filter(([name]) => name.endsWith('.tif')).map(([name]) => folder.text(name));
    expect(texts).toContain('no time');
    expect(texts.some((text) => text.startsWith('%PDF-1.7 (Tj)'))).toBe(true);
    const dictionary = folder.text('DATA-DICTIONARY.txt');
    const columns = folder.text('items.dat').split('\r\n', 1)[0]?.slice(2, -1).split('\u00fe\u0014\u00fe') ?? [];
    for (const column of columns) expect(dictionary).toMatch(new RegExp(`^${column} `, 'm'));
  });
});

describe('xlsx', () => {
  async function read(items = sampleItems()): Promise<{ rows: unknown[][]; notes: readonly string[] }> {
    const folder = new MemoryFolder();
    const notes = await xlsx.write(streamed(items), sampleHeader, folder);
    const sheets = await readExcel(Buffer.from(folder.files.get('items.xlsx') as Uint8Array));
    return {
      rows: (sheets as unknown as { data: unknown[][] }[])[0]?.data ?? (sheets as unknown as unknown[][]),
      notes,
    };
  }

  it('shows each item as text: no formula, number or date', async () => {
    const { rows } = await read();
    const [head, ...body] = rows;
    expect(body).toHaveLength(sampleItems().length);
    const column = (name: string) => body.map((row) => row[head?.indexOf(name) as number]);
    expect(column('leaf')).toEqual(sampleItems().map((one) => one.leaf));
    expect(column('text')[1]).toBe(hostileTexts[1]);
    expect(column('text')[2]).toBe('+31 6 5550 0199');
    expect(column('item')[0]).toBe('0');
  });

  it('continues a long text in the next cell and says where even that is too small', async () => {
    const text = 'x'.repeat(3 * CELL_CHARACTERS);
    const { rows, notes } = await read([sampleItem(1, { text: text.slice(0, 40_000) }), sampleItem(2, { text })]);
    const at = rows[0]?.indexOf('text') as number;
    expect(`${rows[1]?.[at]}${rows[1]?.[at + 1]}`).toBe(text.slice(0, 40_000));
    expect(String(rows[2]?.[at + 1])).toMatch(/\[cut here: 65534 characters in all\]$/);
    expect(notes).toEqual([expect.stringContaining('1 text(s)')]);
  });
});

describe('csv', () => {
  it('keeps numbers as they are and disarms formulas', () => {
    expect(csvLine(['+31655500101', '=1+1', '-2+3+cmd', '@x', 'a,"b"', null, 5])).toBe(
      `+31655500101,'=1+1,'-2+3+cmd,'@x,"a,""b""",,5\r\n`,
    );
  });
});
