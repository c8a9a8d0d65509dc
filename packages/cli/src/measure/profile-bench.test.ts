import { expect, it } from 'vitest';
import { profileText, runProfileBench } from './profile-bench.ts';
import { sharesText } from './stage-shares.ts';

it('measures a dump through the recipe of a profile: every message decoded, beside node:crypto alone', async () => {
  const report = await runProfileBench({ messages: 300, kinds: ['ndjson'], threads: 1, spend: false, say: () => {} });
  const [run] = report.runs;
  expect(run?.alone?.count).toBe(300);
  expect(run?.decode.count).toBeGreaterThanOrEqual(300);
  expect(run?.ingest.count).toBe(run?.decode.count);
  expect(profileText(report)).toContain('floor 250,000/s a core');
});

it('says which part of the time each stage took', () => {
  const spent = { decode: { wall: 1, cpu: 1 }, digest: { wall: 2, cpu: 2 }, words: { wall: 1, cpu: 1 } };
  expect(sharesText(spent as Parameters<typeof sharesText>[0])).toContain('decoding 25 %, commit 50 %, index 25 %');
  expect(sharesText({})).toContain('not measured');
});
