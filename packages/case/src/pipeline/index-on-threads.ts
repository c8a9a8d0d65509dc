import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { IndexAnswer, IndexThreadJob } from './index-job.ts';
import type { IndexCounts } from './index-tiles.ts';
import { reviveError } from './wire-error.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './index-thread.ts' : './index-thread.js', import.meta.url);

/** Segments handed to a thread at once. */
export const STRETCH = 16;

/**
 * Indexes the first `segments` segments of a case on several threads. What comes out does not depend on how many. The
 * first failure is the answer.
 */
export async function indexOnThreads(
  job: IndexThreadJob,
  segments: number,
  { threads, done }: { readonly threads: number; readonly done: (segments: number) => void },
): Promise<IndexCounts> {
  const workers = Array.from({ length: Math.min(threads, Math.ceil(segments / STRETCH)) }, () => {
    return new Worker(entry, { workerData: job });
  });
  const all: IndexCounts[] = [];
  let next = 0;
  const feed = async (worker: Worker): Promise<void> => {
    while (next < segments) {
      const from = next;
      next = Math.min(from + STRETCH, segments);
      const to = next;
      all.push(await ask(worker, [from, to]));
      done(to - from);
    }
  };
  try {
    await Promise.all(workers.map(feed));
    return sumOf(all);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A thread that ends without an answer rejects by its `error`, or by the exit that nobody asked for. */
async function ask(worker: Worker, stretch: readonly [number, number]): Promise<IndexCounts> {
  const stop = new AbortController();
  const ended = once(worker, 'exit', { signal: stop.signal }).then(() => {
    throw new Error('an indexing thread ended before its work was done');
  });
  ended.catch(() => {});
  const answered = once(worker, 'message', { signal: stop.signal });
  answered.catch(() => {});
  worker.postMessage(stretch);
  try {
    const [answer] = (await Promise.race([answered, ended])) as [IndexAnswer];
    if ('failed' in answer) throw reviveError(answer.failed);
    return answer.counts;
  } finally {
    stop.abort();
  }
}

function sumOf(all: readonly IndexCounts[]): IndexCounts {
  const sum = (key: 'stored' | 'existed' | 'missing') => all.reduce((total, one) => total + one[key], 0);
  return {
    stored: sum('stored'),
    existed: sum('existed'),
    missing: sum('missing'),
    different: all.flatMap(({ different }) => different),
  };
}
