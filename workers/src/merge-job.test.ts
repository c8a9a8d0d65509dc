import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeJob, readMergeJob } from './merge-job.ts';

const job = { case: '/cases/7', level: 1, number: 3, after: 48 };

describe('a merge job', () => {
  it('is named by the tile and by the one below that asked', () => {
    expect(mergeJob(job).id).toMatch(/^[0-9a-f]{32}$/);
    const others = [
      { ...job, level: 2 },
      { ...job, number: 4 },
      { ...job, after: 49 },
      { ...job, case: '/cases/8' },
    ];
    expect(new Set([job, ...others].map((one) => mergeJob(one).id)).size).toBe(5);
    expect(readMergeJob(JSON.parse(JSON.stringify(mergeJob(job).data)))).toEqual(job);
  });

  it('is read or refused, whatever Redis holds', () => {
    const near = fc.record({ case: fc.anything(), level: fc.anything(), number: fc.nat(), after: fc.nat() });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), near), (data) => {
        try {
          expect(readMergeJob(data).level).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'JOB_MALFORMED' });
        }
      }),
    );
    for (const wrong of [
      { ...job, level: 0 },
      { ...job, level: 9 },
      { ...job, after: -1 },
    ]) {
      expect(() => readMergeJob(wrong)).toThrow(expect.objectContaining({ code: 'JOB_MALFORMED' }));
    }
  });
});
