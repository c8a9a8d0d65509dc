import { expect, it } from 'vitest';
import { Random } from './random.ts';

it('repeats itself for a seed, differs between seeds and reaches both ends', () => {
  expect(new Random(7).bytes(64)).toEqual(new Random(7).bytes(64));
  expect(new Random(7).bytes(64)).not.toEqual(new Random(8).bytes(64));
  const random = new Random(1);
  const seen = new Set(Array.from({ length: 2000 }, () => random.below(10)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
