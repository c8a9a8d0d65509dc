import { askThreads } from './ask-threads.ts';
import type { IndexedStretch, IndexThreadJob } from './index-job.ts';
import type { IndexCounts } from './index-tiles.ts';

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
  const stretches = Array.from({ length: Math.ceil(segments / STRETCH) }, (_, i): readonly [number, number] => [
    i * STRETCH,
    Math.min((i + 1) * STRETCH, segments),
  ]);
  const all: IndexCounts[] = [];
  await askThreads<readonly [number, number], IndexedStretch>(stretches, {
    ...{ entry, workerData: job, threads },
    done: ({ counts }, [from, to]) => {
      all.push(counts);
      done(to - from);
    },
  });
  return sumOf(all);
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
