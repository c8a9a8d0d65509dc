import { parentPort, workerData } from 'node:worker_threads';
import type { DerivationJob, UnitJob } from './unit-job.ts';
import { UnitRunner } from './unit-runner.ts';
import { describeError } from './wire-error.ts';

/** Entry of a worker thread: units in, results out, one at a time. */
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
    port.postMessage({ done: await (await runner).run(unit) });
  } catch (error) {
    port.postMessage({ failed: describeError(error) });
  }
});
