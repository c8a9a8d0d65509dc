import { parentPort, workerData } from 'node:worker_threads';
import { commitHop } from './commit-hop.ts';
import { DecodeHop } from './decode-hop.ts';
import { exhibitHop } from './exhibit-hop.ts';
import type { HopAnswer, HopTerms } from './hop-thread.ts';
import { indexHop } from './index-hop.ts';
import { mergeHop } from './merge-hop.ts';
import type { Hop } from './queue.ts';
import { failureOf } from './retry.ts';

/** Entry of a hop's thread: one job at a time, until `null`. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const { hop, threads } = workerData as HopTerms;
const decode = hop === 'decode' ? new DecodeHop({ threads }) : null;
const others = { commit: commitHop, index: indexHop, merge: mergeHop, exhibit: exhibitHop };
const run: Hop = decode?.run ?? others[hop as keyof typeof others]();

async function answerTo(data: unknown): Promise<HopAnswer> {
  try {
    return { result: await run(data) };
  } catch (error) {
    return { failed: failureOf(error) };
  }
}

port.on('message', async (order: { readonly data: unknown } | null) => {
  if (order !== null) return port.postMessage(await answerTo(order.data));
  await decode?.close();
  port.close();
});
