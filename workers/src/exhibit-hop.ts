import { CustodyError, IntegrityError, UsageError } from '@custody/bytes';
import { makeOrdered, requireHeld } from '@custody/case';
import { readExhibitJob } from './exhibit-job.ts';
import { OpenCases } from './open-cases.ts';
import type { Hop } from './queue.ts';

/** The hop from an order, sealed in the case, to the exhibit, sealed in the case. Needs `evidence`; raw records need `source`. */
export function exhibitHop(cases: OpenCases = new OpenCases()): Hop {
  return async (data) => {
    const job = readExhibitJob(data);
    const opened = await cases.at(job.case, 0);
    // What this worker lacks, told apart from what the order asks for.
    requireHeld(opened, 'exhibit');
    try {
      const { numbers, length } = await makeOrdered(opened, job.order);
      return { numbers: { shown: numbers.shown, context: numbers.context, size: numbers.size, bytes: length } };
    } catch (error) {
      throw error instanceof CustodyError && error.family !== 'unavailable' ? withoutWords(error) : error;
    }
  };
}

/** Why an exhibit cannot be made may quote what it would show; Redis and logs see the code alone. */
function withoutWords({ family, code }: CustodyError): CustodyError {
  const message = `the exhibit could not be made (${code}): the same command without --queue says why`;
  return family === 'integrity' ? new IntegrityError(code, message) : new UsageError('EXHIBIT_FAILED', message);
}
