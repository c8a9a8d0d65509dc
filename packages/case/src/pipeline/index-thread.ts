import { parentPort, workerData } from 'node:worker_threads';
import { readVerifierKey } from '@custody/chain';
import { Ledger } from '@custody/segment';
import { openVault } from '@custody/vault';
import type { IndexAnswer, IndexThreadJob } from './index-job.ts';
import { type IndexPlace, indexTiles } from './index-tiles.ts';
import { describeError } from './wire-error.ts';

/** Entry of an indexing thread: stretches of segments in, counts out, one at a time. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const job = workerData as IndexThreadJob;
const opening = open();

async function open(): Promise<IndexPlace> {
  const vault = await openVault(job.location);
  const ledger = await Ledger.open(vault, readVerifierKey(job.verifierKey));
  return { vault, ledger, identities: job.identities, recipient: job.recipient, regions: job.regions };
}

async function answer([from, to]: readonly [number, number]): Promise<IndexAnswer> {
  try {
    const place = await opening;
    return { counts: await indexTiles(place, place.ledger.segments.slice(from, to), { check: job.check }) };
  } catch (error) {
    return { failed: describeError(error) };
  }
}

port.on('message', async (stretch: readonly [number, number]) => port.postMessage(await answer(stretch)));
