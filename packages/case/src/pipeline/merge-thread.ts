import { parentPort, workerData } from 'node:worker_threads';
import { openVault } from '@custody/vault';
import type { MergeAnswer, MergeOrder, MergeThreadJob } from './merge-job.ts';
import { mergeOrder } from './merge-order.ts';
import { describeError } from './wire-error.ts';

/** Entry of a merging thread: tiles to be made in, outcomes out, one at a time. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const job = workerData as MergeThreadJob;
const opening = openVault(job.location);

async function answer(order: MergeOrder): Promise<MergeAnswer> {
  try {
    return { outcome: await mergeOrder(await opening, order, job) };
  } catch (error) {
    return { failed: describeError(error) };
  }
}

port.on('message', async (order: MergeOrder) => port.postMessage(await answer(order)));
