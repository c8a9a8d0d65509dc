import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ColumnBuilder, rowBytes, rowStart, selectRows } from './column.ts';
import { utf8Encode } from './utf8.ts';

const row = fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 50 }));

function asBytes(value: Uint8Array | string | null): Uint8Array | null {
  return typeof value === 'string' ? utf8Encode(value) : value;
}

function build(rows: readonly (Uint8Array | string | null)[], builder = new ColumnBuilder(1, 1)): ColumnBuilder {
  for (const value of rows) {
    if (value === null) builder.appendAbsent();
    else if (typeof value === 'string') builder.appendText(value);
    else builder.append(value);
  }
  return builder;
}

test('rows come back as they went in, absent is not empty', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const builder = build(rows);
      expect(builder.rows).toBe(rows.length);
      const column = builder.view();
      expect(rows.map((_, i) => rowBytes(column, i))).toStrictEqual(rows.map(asBytes));
      expect(rows.map((_, i) => rowStart(column, i))).toStrictEqual([0, ...column.ends].slice(0, rows.length));
    }),
  );
});

test('a cleared builder starts anew in the same memory', () => {
  const builder = build(['one', null, 'three']);
  builder.clear();
  expect(builder.rows).toBe(0);
  const column = build([new Uint8Array(), 'x'], builder).view();
  expect([...column.ends]).toEqual([0, 1]);
  expect([...column.absent]).toEqual([0, 0]);
});

test('part of a source, short and long', () => {
  const source = Uint8Array.from({ length: 100 }, (_, i) => i);
  const builder = new ColumnBuilder(1, 1);
  builder.append(source, 5, 9);
  builder.append(source, 10, 90);
  builder.append(source, 20, 20);
  const column = builder.view();
  expect(rowBytes(column, 0)).toStrictEqual(source.slice(5, 9));
  expect(rowBytes(column, 1)).toStrictEqual(source.slice(10, 90));
  expect(rowBytes(column, 2)).toStrictEqual(new Uint8Array());
});

test('selected rows in the order asked for, twice where asked twice', () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (rows, picks) => {
        const column = build(rows).view();
        const chosen = picks.map((n) => n % rows.length);
        const selected = selectRows(column, chosen);
        expect(chosen.map((_, k) => rowBytes(selected, k))).toStrictEqual(chosen.map((i) => asBytes(rows[i] ?? null)));
      },
    ),
  );
});
