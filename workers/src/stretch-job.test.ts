import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitJob, decodeJob, readStretchJob } from './stretch-job.ts';

const job = { case: 's3://lab/case-7', derivation: 4, stretch: 2 };

describe('a job of a stretch', () => {
  it('has an id that follows from its hop and its data, and that BullMQ takes', () => {
    expect(decodeJob(job)).toEqual(decodeJob({ ...job }));
    expect(decodeJob(job).id).toMatch(/^[0-9a-f]{32}$/);
    const others = [
      { ...job, case: 's3://lab/case-8' },
      { ...job, derivation: 5 },
      { ...job, stretch: 3 },
    ];
    const ids = [job, ...others].flatMap((one) => [decodeJob(one).id, commitJob(one).id]);
    expect(new Set(ids).size).toBe(8);
  });

  it('is read as written', () => {
    expect(readStretchJob('decode', JSON.parse(JSON.stringify(decodeJob(job).data)))).toEqual(job);
  });

  it('is read or refused, whatever Redis holds', () => {
    const near = fc.record({ case: fc.anything(), derivation: fc.anything(), stretch: fc.anything() });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), near), (data) => {
        try {
          expect(readStretchJob('commit', data).stretch).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'JOB_MALFORMED' });
        }
      }),
    );
    for (const wrong of [{ ...job, stretch: -1 }, { ...job, derivation: 1.5 }, { ...job, case: '' }, null, 'text']) {
      expect(() => readStretchJob('decode', wrong)).toThrow(expect.objectContaining({ code: 'JOB_MALFORMED' }));
    }
  });
});
