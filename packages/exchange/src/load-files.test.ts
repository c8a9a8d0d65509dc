import readExcel from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { concordance } from './concordance.ts';
import { csvLine } from './csv-cell.ts';
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
