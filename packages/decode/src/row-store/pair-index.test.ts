import { expect, it } from 'vitest';
import { Random } from '../../../../test/random.ts';
import type { Rowid } from '../sqlite/index.ts';
import { MemoryScratch } from '../testing/memory-scratch.ts';
import { PairIndex } from './pair-index.ts';
import { PairWriter } from './pair-writer.ts';

function indexOf(pairs: readonly (readonly [Rowid, Rowid])[], runPairs?: number): PairIndex {
  const scratch = new MemoryScratch();
  const writer = new PairWriter(scratch, runPairs);
  for (const [key, value] of pairs) writer.add(key, value);
  const index = new PairIndex(scratch.open(writer.finish()));
  expect(scratch.kept).toBe(1);
  return index;
}

it.each([
  ['in order', 40_000, 4096, true],
  ['in any order, many runs', 20_000, 64, false],
  ['in one run', 3000, 4096, false],
])('gives all values of a key as they were added: %s', (_name, count, runPairs, ascending) => {
  const random = new Random(3);
  const pairs = Array.from({ length: count }, (_, i) => {
    const key = ascending ? Math.floor(i / 3) : random.below(count / 4) - 50;
    return [key, i] as const;
  });
  const wanted = new Map<number, number[]>();
  for (const [key, value] of pairs) wanted.set(key, [...(wanted.get(key) ?? []), value]);
  const index = indexOf(pairs, runPairs);
  for (const [key, values] of wanted) expect([...index.values(key)]).toEqual(values);
  expect(index.first(count + 1)).toBeNull();
  expect(index.first(-1000)).toBeNull();
});

it('holds numbers of 64 bits, also those beyond what a double says exactly', () => {
  const far = 2n ** 62n;
  const keys: Rowid[] = [far + 1n, -1, far, -(2n ** 63n), 0, 2 ** 40 + 1, 2 ** 40, -(2 ** 33), 7];
  const index = indexOf(
    keys.map((key, at) => [key, at % 2 === 0 ? key : -at]),
    4,
  );
  for (const [at, key] of keys.entries()) expect(index.first(key)).toBe(at % 2 === 0 ? key : -at);
  expect(index.first(far + 2n)).toBeNull();
});

it('finds a key whose values fill more than a block', () => {
  const pairs = [...Array.from({ length: 5000 }, (_, i) => [5, i] as const), [6, 1] as const];
  const index = indexOf([[1, 1], ...pairs], 1000);
  expect([...index.values(5)]).toHaveLength(5000);
  expect(index.first(6)).toBe(1);
  expect(index.first(5)).toBe(0);
});

it('is empty without pairs', () => {
  expect(indexOf([]).first(1)).toBeNull();
});
