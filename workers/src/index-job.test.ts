import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexJob, readIndexJob } from './index-job.ts';

const job = { case: 's3://lab/case-7', from: 16, to: 32 };

describe('an index job', () => {
  it('has an id that follows from its data and that BullMQ takes', () => {
    expect(indexJob(job).id).toBe(indexJob({ ...job }).id);
    expect(indexJob(job).id).toMatch(/^[0-9a-f]{32}$/);
    const others = [
      { ...job, case: 's3://lab/case-8' },
      { ...job, from: 17 },
      { ...job, to: 31 },
    ];
    expect(new Set([job, ...others].map((one) => indexJob(one).id)).size).toBe(4);
  });

  it('is read as written', () => {
    expect(readIndexJob(JSON.parse(JSON.stringify(indexJob(job).data)))).toEqual(job);
  });

  it.each([
    null,
    'text',
    [],
    {},
    { ...job, case: 7 },
    { ...job, case: 'x'.repeat(5_000) },
    { ...job, from: -1 },
    { ...job, from: 1.5 },
    { ...job, to: 16 },
    { ...job, to: 1e9 },
    { ...job, from: '16' },
  ])('is refused as %j', (data) => {
    expect(() => readIndexJob(data)).toThrow(expect.objectContaining({ code: 'JOB_MALFORMED' }));
  });

  it('is read or refused, whatever Redis holds', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        try {
          expect(readIndexJob(data).to).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'JOB_MALFORMED' });
        }
      }),
    );
  });
});
