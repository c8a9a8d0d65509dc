import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countItems, holdsItem, itemRuns } from './item-runs.ts';

it('holds exactly the numbers it was made of, in as few runs as can be', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { maxLength: 40 }), (numbers) => {
      const runs = itemRuns(numbers);
      const set = new Set(numbers);
      for (let i = -1; i <= 61; i++) expect(holdsItem(runs, i)).toBe(set.has(i));
      expect(countItems(runs)).toBe(set.size);
      for (const [i, [first]] of runs.entries()) {
        const before = runs[i - 1];
        if (before !== undefined) expect(before[0] + before[1]).toBeLessThan(first);
      }
    }),
  );
});
