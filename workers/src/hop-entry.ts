import { parentPort, workerData } from 'node:worker_threads';
import { commitHop } from './commit-hop.ts';
import { DecodeHop } from './decode-hop.ts';
import { exhibitHop } from './exhibit-hop.ts';
import type { HopAnswer, HopOrder, HopTerms } from './hop-thread.ts';
import { indexHop } from './index-hop.ts';
import { mergeHop } from './merge-hop.ts';
import type { Hop, HopName } from './queue.ts';
import { failureOf } from './retry.ts';

/** Entry of a thread of hops, until `null`. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const { hops, threads } = workerData as HopTerms;
const decode = hops.includes('decode') ? new DecodeHop({ threads }) : null;
const others = { commit: commitHop, index: indexHop, merge: mergeHop, exhibit: exhibitHop };
const running = new Map<HopName, Hop>(
  hops.map((hop) => [hop, hop === 'decode' && decode !== null ? decode.run : others[hop as keyof typeof others]()]),
);

async function answerTo({ id, hop, data }: HopOrder): Promise<HopAnswer> {
  try {
    const run = running.get(hop);
    if (run === undefined) throw new Error('a job for a hop that this thread does not have');
    return { id, result: await run(data) };
  } catch (error) {
    return { id, failed: failureOf(error) };
  }
}

port.on('message', async (order: HopOrder | null) => {
  if (order !== null) return port.postMessage(await answerTo(order));
  await decode?.close();
  port.close();
});
