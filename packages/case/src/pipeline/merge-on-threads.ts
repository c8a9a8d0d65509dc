import type { MergeOutcome } from '@custody/search';
import { askThreads } from './ask-threads.ts';
import type { Merged, MergeOrder, MergeThreadJob } from './merge-job.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './merge-thread.ts' : './merge-thread.js', import.meta.url);

/** Makes tiles of which none waits for another, on several threads. The first failure is thrown. */
export async function mergeOnThreads<Order extends MergeOrder>(
  job: MergeThreadJob,
  orders: readonly Order[],
  { threads, done }: { readonly threads: number; readonly done: (outcome: MergeOutcome, order: Order) => void },
): Promise<void> {
  await askThreads<Order, Merged>(orders, {
    ...{ entry, workerData: job, threads },
    done: ({ outcome }, order) => done(outcome, order),
  });
}
