import { expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { BytesCache } from './bytes-cache.ts';

it('gives what `make` gives in the present generation, for more texts than it has places', () => {
  let generation = 0;
  const cache = new BytesCache((text) => `${generation}:${text}`);
  const random = new Random(1);
  for (generation = 0; generation < 4; generation++) {
    for (let i = 0; i < 50_000; i++) {
      const text =
        'ü'.repeat(random.below(40)) + random.below(i % 3 === 0 ? 40_000 : 50) + 'x'.repeat(i % 1000 === 0 ? 300 : 0);
      const bytes = Buffer.from(`<${text}>`);
      const value = cache.get(bytes, 1, bytes.length - 1);
      if (value !== `${generation}:${text}`) expect(value).toBe(`${generation}:${text}`);
    }
    cache.renew();
  }
  const empty = Buffer.alloc(0);
  expect([cache.get(empty, 0, 0), cache.get(empty, 0, 0)]).toEqual(['4:', '4:']);
});
