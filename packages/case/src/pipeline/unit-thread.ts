import { parentPort, workerData } from 'node:worker_threads';
import type { DerivationJob, UnitJob } from './unit-job.ts';
import type { Outcome } from './unit-pool.ts';
import { UnitRunner } from './unit-runner.ts';
import { describeError } from './wire-error.ts';

/** Entry of a worker thread: units in, results out, in whatever order they are done. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const runner = UnitRunner.open(workerData as DerivationJob);

port.on('message', async (unit: UnitJob | null) => {
  if (unit === null) {
    (await runner).close();
    port.close();
    return;
  }
  try {
    port.postMessage({ unit: unit.unit, done: await (await runner).run(unit) } satisfies Outcome);
  } catch (error) {
    port.postMessage({ unit: unit.unit, failed: describeError(error) } satisfies Outcome);
  }
});
