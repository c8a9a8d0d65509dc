import { parentPort } from 'node:worker_threads';
import type { Order, Outcome, UnitJob } from './unit-job.ts';
import { UnitRunner } from './unit-runner.ts';
import { describeError } from './wire-error.ts';

/** Entry of a worker thread. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
let runner: Promise<UnitRunner> | null = null;

port.on('message', async (order: Order) => {
  if (order === null) {
    (await runner?.catch(() => null))?.close();
    port.close();
  } else if ('job' in order) {
    runner = UnitRunner.open(order.job);
    // A failure is told with the unit that meets it.
    runner.catch(() => {});
  } else {
    port.postMessage(await outcomeOf(order.unit));
  }
});

async function outcomeOf(unit: UnitJob): Promise<Outcome> {
  try {
    if (runner === null) throw new Error('a unit came before its derivation');
    return { unit: unit.unit, done: await (await runner).run(unit) };
  } catch (error) {
    return { unit: unit.unit, failed: describeError(error) };
  }
}
