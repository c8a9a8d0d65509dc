import { afterEach, expect, it } from 'vitest';
import { DiskScratch } from '../pipeline/disk-scratch.ts';
import { KeyTable } from './key-table.ts';
import { OffsetCounts } from './offset-counts.ts';

const scratch = new DiskScratch();
afterEach(() => scratch.dispose());

it('gives each key its rows in the order they came, also those that went to scratch', () => {
  const table = new KeyTable(scratch, 2);
  const rows = 80_000;
  // 64 parts of 32 KiB hold some 65,000 rows of 32 bytes: the others stand in scratch.
  for (let i = 0; i < rows; i++) table.add(`key ${i % 30_000}`, i, -i / 2);
  let seen = 0;
  for (const group of table.groups()) {
    const first = group[0]?.[0] as number;
    expect(first).toBeLessThan(30_000);
    for (const [i, row] of group.entries()) {
      const number = first + i * 30_000;
      if (row[0] !== number || row[1] !== -number / 2) throw new Error(`row ${i} of ${first} is ${row.join()}`);
      seen++;
    }
  }
  expect(seen).toBe(rows);
  expect([...table.groups()]).toEqual([]);
});

it('finds the median of offsets from their counts', () => {
  const offsets = new OffsetCounts();
  expect(offsets.spread()).toBeNull();
  for (const ms of [5, -3, 5, 900, 4]) offsets.add(ms);
  expect(offsets.spread()).toEqual({ median: 5, least: -3, most: 900 });
});
