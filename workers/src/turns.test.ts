import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('takes one job until one is done, and then as many as may overlap', async () => {
  const takes = { concurrency: 1 };
  const turns = new Turns(takes, 2);
  await expect(turns.run(false, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(takes.concurrency).toBe(1);
  expect(await turns.run(false, async () => 7)).toBe(7);
  expect(takes.concurrency).toBe(2);
});

it('runs a job that failed before alone', async () => {
  const takes = { concurrency: 2 };
  const turns = new Turns(takes, 2);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const told: string[] = [];
  const job = (name: string, until: Promise<void>) => async () => {
    told.push(`${name} begins`);
    await until;
    told.push(`${name} ends`);
  };
  const running = turns.run(false, job('one', first.promise));
  const suspects = [
    turns.run(true, job('two', second.promise)),
    turns.run(true, job('three', Promise.resolve())),
  ] as const;
  expect(takes.concurrency).toBe(1);
  first.resolve();
  await running;
  // The suspects still have to come: no further job is taken beside them.
  expect(takes.concurrency).toBe(1);
  second.resolve();
  await Promise.all(suspects);
  expect(told).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
  await turns.run(false, async () => {});
  expect(takes.concurrency).toBe(2);
});
