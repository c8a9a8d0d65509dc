import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { SegmentScratch, type StoredSegment, storePrepared } from '@custody/segment';
import { openVault } from '@custody/vault';
import type { CommitThreadTerms } from './commit-on-threads.ts';
import { benchBatches, benchKeys, benchSegment } from './ledger-items.ts';

/** Entry of a thread of the bench: stretches of units in, what it stored out, one at a time. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const { location, derive, recipient, secret } = workerData as CommitThreadTerms;
const vault = await openVault(location, process.env, { blocking: true });
const maker = { derive, batches: benchBatches(), keys: benchKeys(recipient, secret), scratch: new SegmentScratch() };

/** Files of one segment are written while the next one is prepared. */
async function store([from, to]: readonly [number, number]): Promise<readonly StoredSegment[]> {
  const stored: Promise<StoredSegment | null>[] = [];
  for (let unit = from; unit < to; unit++) {
    stored.push(storePrepared(vault, benchSegment(unit, maker)));
    await setImmediate();
  }
  const all = (await Promise.all(stored)).filter((one) => one !== null);
  if (all.length < to - from) throw new Error('the folder of the bench is not empty');
  return all;
}

port.on('message', async (stretch: readonly [number, number]) => port.postMessage(await store(stretch)));
port.postMessage('ready');
