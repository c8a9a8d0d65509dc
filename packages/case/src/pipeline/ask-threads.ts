import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { reviveError, type WireError } from './wire-error.ts';

export interface ThreadsTerms<Order, Answer> {
  /** Module of the thread: it answers each message with an Answer, in turn. */
  readonly entry: URL;
  readonly workerData: unknown;
  readonly threads: number;
  /** Told of each answer as it comes, whatever its order. */
  readonly done: (answer: Answer, order: Order) => void;
}

/** Hands orders to threads, one at a time each, until all are answered. The first failure is thrown. */
export async function askThreads<Order, Answer extends object>(
  orders: readonly Order[],
  { entry, workerData, threads, done }: ThreadsTerms<Order, Answer>,
): Promise<void> {
  const workers = Array.from({ length: Math.min(threads, orders.length) }, () => new Worker(entry, { workerData }));
  let next = 0;
  const feed = async (worker: Worker): Promise<void> => {
    for (let order = orders[next++]; order !== undefined; order = orders[next++]) {
      done(await ask<Order, Answer>(worker, order), order);
    }
  };
  try {
    await Promise.all(workers.map(feed));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A thread that ends without an answer rejects by its `error`, or by the exit that nobody asked for. */
async function ask<Order, Answer extends object>(worker: Worker, order: Order): Promise<Answer> {
  const stop = new AbortController();
  const ended = once(worker, 'exit', { signal: stop.signal }).then(() => {
    throw new Error('a thread ended before its work was done');
  });
  ended.catch(() => {});
  const answered = once(worker, 'message', { signal: stop.signal });
  answered.catch(() => {});
  worker.postMessage(order);
  try {
    const [answer] = (await Promise.race([answered, ended])) as [Answer | { readonly failed: WireError }];
    if ('failed' in answer) throw reviveError(answer.failed);
    return answer;
  } finally {
    stop.abort();
  }
}
