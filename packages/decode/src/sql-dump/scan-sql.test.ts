import { expect, it } from 'vitest';
import { memorySource } from '../testing/memory-source.ts';
import { readSqlRow, SqlRowRefused } from './read-sql-row.ts';
import { scanSql } from './scan-sql.ts';

function read(text: string): { rows: (string | null)[][]; damage: string[] } {
  const source = memorySource(new TextEncoder().encode(text));
  const rows: (string | null)[][] = [];
  const damage: string[] = [];
  scanSql(source, {
    row: ({ form, offset, length }) => rows.push(readSqlRow(source.read(offset, length), form)),
    damage: (_offset, _next, why) => damage.push(why),
  });
  return { rows, damage };
}

it.each([
  ['between the words', "INSERT /*!32302 IGNORE */ INTO/**/`t` /* x */ (`a`, `b`) /* ( */ VALUES (1,'x');\n"],
  ['before the statement', "/* it's */ INSERT INTO t (a, b) VALUES (1,'x');\n"],
  ['between and inside rows', "INSERT INTO t (a, b) VALUES -- it's\n/* ( */ ( /* 0, */ 1 /* ) */, -- 2)\n'x');\n"],
])('reads rows whatever comments stand %s', (_, text) => {
  expect(read(text)).toEqual({ rows: [['1', 'x']], damage: [] });
});

it('keeps what only looks like a comment inside a text', () => {
  expect(read("INSERT INTO t (a, b) VALUES ('/* a', 'b */ -- c'),(-1,2);\n").rows).toEqual([
    ['/* a', 'b */ -- c'],
    ['-1', '2'],
  ]);
});

it('tells a comment that never ends, and goes on with the next statement', () => {
  const found = read('INSERT INTO t (a) VALUES (1) /* , (2);\nINSERT INTO t (a) VALUES (3);\n');
  expect(found).toEqual({ rows: [['1'], ['3']], damage: ['something else than a row follows a row'] });
});

it('passes over a row of nothing but beginnings of comments once', () => {
  const hostile = `INSERT INTO t (a) VALUES (${'/*'.repeat(500_000)}),(2);\nINSERT INTO t (a) VALUES (3);\n`;
  const lengths: number[] = [];
  const source = memorySource(new TextEncoder().encode(hostile));
  scanSql(source, { row: ({ length }) => lengths.push(length), damage: () => expect.unreachable() });
  expect(lengths).toEqual([1_000_002, 3, 3]);
  expect(() => readSqlRow(source.read(25, 1_000_002), 'standard')).toThrow(SqlRowRefused);
});
