import { Worker } from 'node:worker_threads';

/** Threads run the same program as this file: TypeScript in a checkout, JavaScript in a package. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './unit-thread.ts' : './unit-thread.js', import.meta.url);

/**
 * Room for short-lived objects in a thread. V8's own choice grows to several times that in every thread without being
 * faster: what a unit needs for long is typed arrays outside of it.
 */
const YOUNG_MB = 12;

/** A thread loads the program for about half a second: below this a capture is prepared sooner than that. */
const WORTH_WARMING = 32 * 1024 * 1024;

const spare: Worker[] = [];

/**
 * Starts threads while the capture is still being hashed and sealed, which keeps one core busy. They hold no job and
 * do not keep the process alive.
 */
export function warmThreads(count: number, captureLength: number): void {
  if (count < 2 || captureLength < WORTH_WARMING) return;
  while (spare.length < count) {
    const worker = start();
    worker.unref();
    worker.once('exit', () => drop(worker));
    worker.on('error', () => drop(worker));
    spare.push(worker);
  }
}

/** A thread without a job: a warm one where there is one. */
export function takeThread(): Worker {
  const warm = spare.pop();
  if (warm === undefined) return start();
  warm.removeAllListeners();
  warm.ref();
  return warm;
}

function start(): Worker {
  return new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
}

function drop(worker: Worker): void {
  const at = spare.indexOf(worker);
  if (at >= 0) spare.splice(at, 1);
}
