import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScanner, readRow } from './csv-scanner.ts';
import { isBlank, RowSplitter } from './splitter.ts';

const dialect = { delimiter: 0x2c, quote: 0x22 };
const COLUMNS = 3;

/** The rows of a table as the splitter and the scanner see them; null for a row that is not well formed. */
function rowsOf(bytes: Buffer): (string[] | null)[] {
  const splitter = new RowSplitter(dialect);
  splitter.complete = true;
  const scanner = new CsvScanner([0, 1, 2], COLUMNS, dialect);
  const rows: (string[] | null)[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = splitter.next(bytes, at);
    expect(end).toBeGreaterThan(at);
    if (!isBlank(bytes, at, end)) {
      const fits = scanner.scan(bytes, at, end);
      rows.push(fits ? [0, 1, 2].map((slot) => scanner.values.text(slot)) : null);
    }
    at = end;
  }
  return rows;
}

const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ', '""'), maxLength: 6 });
const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
const plain = (text: string) => !/[",\n\r]/.test(text);
const spell = (text: string) => (plain(text) ? text : `"${text.replaceAll('"', '""')}"`);

describe('CSV', () => {
  it('reads back what was written by the rules of RFC 4180', () => {
    fc.assert(
      fc.property(table, fc.boolean(), (rows, crlf) => {
        const lineEnd = crlf ? '\r\n' : '\n';
        const text = rows.map((row) => row.map(spell).join(',') + lineEnd).join('');
        expect(rowsOf(Buffer.from(text))).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  it('reads any text that an independent parser reads, the same way', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ',', ',', '"', '\n', '"a"', '\r\n'), maxLength: 24 }),
        (text) => {
          const bytes = Buffer.from(text);
          let expected: string[][];
          try {
            expected = parse(bytes, {
              record_delimiter: ['\r\n', '\n'],
              skip_empty_lines: true,
              relax_column_count: true,
            });
          } catch {
            return;
          }
          const ours = rowsOf(bytes);
          expect(ours).toHaveLength(expected.length);
          expected.forEach((row, i) => {
            if (row.length === COLUMNS) expect(ours[i]).toEqual(row);
            else expect(ours[i]).toBeNull();
            read++;
          });
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(1000);
  });

  it.each([
    ['a stray quote', 'a,b"c,d\n'],
    ['something after a closing quote', '"a"b,c,d\n'],
    ['a quote that is never closed', 'a,"b,c\n'],
    ['a NUL', 'a,\0,c\n'],
    ['too few fields', 'a,b\n'],
    ['too many fields', 'a,b,c,d\n'],
  ])('%s costs its own row only', (_what, row) => {
    const rows = rowsOf(Buffer.from(`1,2,3\n${row}4,5,6\n"7",8,9\n`));
    expect(rows).toEqual([['1', '2', '3'], null, ['4', '5', '6'], ['7', '8', '9']]);
  });

  it('goes on after many quotes that lead nowhere, in linear time', () => {
    const bytes = Buffer.from('a,"b,c\n'.repeat(200_000));
    const splitter = new RowSplitter(dialect, 1 << 20);
    splitter.complete = true;
    let rows = 0;
    let gaveUp = 0;
    for (let at = 0; at < bytes.length; at = splitter.next(bytes, at)) {
      rows++;
      if (splitter.gaveUp) gaveUp++;
    }
    expect(rows).toBeGreaterThan(10);
    expect(gaveUp).toBeLessThanOrEqual(1);
  });

  it('reads a header', () => {
    expect(readRow(Buffer.from('a,"b ""x""",'), dialect)).toEqual(['a', 'b "x"', '']);
    expect(readRow(Buffer.from('a,"b'), dialect)).toBeNull();
  });
});
