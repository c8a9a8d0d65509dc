import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { questionsOf } from './lookup-questions.ts';
import { cpuOf, ProcessWatch } from './process-watch.ts';
import { committedIn, diskNeeded, diskWords } from './scale-progress.ts';
import { decodedRecords, decodeTimes } from './worker-log.ts';

const DUMP = {
  users: ['amber.heron0', 'brisk.dunlin1'],
  devices: [{ imei: '001010000000017' }],
  planted: [
    { type: 'imei', value: '001019800883224' },
    { type: 'iban', value: 'DE89370400440532013000' },
  ],
  vocabulary: ['harbour', 'keys'],
};

it('asks the same mixed questions for the same seed, of every kind', () => {
  const questions = questionsOf(DUMP, { each: 5, seed: 3 });
  expect(questionsOf(DUMP, { each: 5, seed: 3 })).toEqual(questions);
  expect(questionsOf(DUMP, { each: 5, seed: 4 })).not.toEqual(questions);
  const kinds = Map.groupBy(questions, ({ kind }) => kind);
  expect([...kinds.values()].every((all) => all.length === 5)).toBe(true);
  expect(new Set(questions.map(({ group }) => group))).toEqual(
    new Set(['entity', 'word', 'prefix', 'party', 'period']),
  );
  // What is to be nowhere is a number that could be one: the check digit fits (ISO 7812), or a query would refuse it early.
  for (const { query } of kinds.get('a value that is nowhere') ?? []) {
    const sum = [...(query.value ?? '')].toReversed().reduce((total, char, i) => {
      const digit = Number(char) * (i % 2 === 1 ? 2 : 1);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
    expect(sum % 10).toBe(0);
  }
});

it('reads from a log how long a worker did not decode', () => {
  const line = (second: number, ms: number, more: object = {}) =>
    JSON.stringify({ time: new Date(1e12 + second * 1000).toISOString(), hop: 'decode', records: 9, ms, ...more });
  const lines = [
    line(2, 2000),
    line(4.5, 2000),
    line(5, 300, { hop: 'commit' }),
    line(9, 100, { records: 0 }),
    'words',
  ];
  expect(decodeTimes(lines)).toEqual({ jobs: 2, span: 4.5, between: 0.5 });
  expect(decodeTimes(lines.slice(0, 1))).toBeNull();
  // Of 0 to 2, 1 to 4 and 5 to 6 seconds one second is between.
  expect(decodeTimes([line(2, 2000), line(4, 3000), line(6, 1000)])).toEqual({ jobs: 3, span: 6, between: 1 });
});

it.skipIf(process.platform !== 'linux')('counts nothing that is not of the run', () => {
  const watch = new ProcessWatch();
  watch.stop();
  expect(cpuOf(watch.look(), 'redis')).toBe(0);
});

it('says how far a run is and what room it takes', () => {
  expect(committedIn(join(tmpdir(), 'no such case'), 1e6)).toBe('taking the capture in');
  // Capture, case, and a sealed copy for each of two workers.
  expect(diskNeeded(['embedded', 'one-worker', 'two-workers'], 1000)).toBeCloseTo(4400);
  expect(diskNeeded(['embedded'], 1000)).toBeCloseTo(2400);
  expect(diskWords(1, tmpdir())).not.toMatch(/likely fail/);
  expect(diskWords(2 ** 60, tmpdir())).toMatch(/1073741824\.0 GiB in .* likely fail/);
  expect(decodedRecords(['{"hop":"decode","records":7,"ms":1}', '{"hop":"commit","records":2,"ms":1}', 'words'])).toBe(
    7,
  );
});
