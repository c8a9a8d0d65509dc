import { Worker } from 'node:worker_threads';
import { type CustodyError, FormatError, IntegrityError, UnavailableError, UsageError } from '@custody/bytes';
import type { DerivationJob, UnitDone, UnitJob } from './unit-job.ts';

/** Threads that run the same program as this file: TypeScript in a checkout, JavaScript in a package. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './unit-thread.ts' : './unit-thread.js', import.meta.url);

interface Slot {
  readonly worker: Worker;
  ended: boolean;
  settle: ((outcome: { done?: UnitDone; failed?: Failure }) => void) | null;
}

interface Failure {
  readonly family?: string;
  readonly code?: string;
  readonly message: string;
  readonly detail?: Record<string, unknown>;
}

/** Runs units on `threads` threads and yields results in unit order, with a bounded number under way. */
export async function* runUnits(
  job: DerivationJob,
  units: Iterable<UnitJob>,
  threads: number,
): AsyncGenerator<UnitDone, void, undefined> {
  const slots = Array.from({ length: threads }, () => startThread(job));
  const idle = [...slots];
  const waiting: Promise<UnitDone>[] = [];
  const free: (() => void)[] = [];
  const source = units[Symbol.iterator]();
  const feed = (unit: UnitJob): Promise<UnitDone> => {
    const run = async () => {
      while (idle.length === 0) await new Promise<void>((resolve) => free.push(resolve));
      const slot = idle.pop() as Slot;
      try {
        return await runOn(slot, unit);
      } finally {
        idle.push(slot);
        free.shift()?.();
      }
    };
    const done = run();
    done.catch(() => {});
    return done;
  };
  try {
    for (;;) {
      while (waiting.length < threads * 2) {
        const next = source.next();
        if (next.done === true) break;
        waiting.push(feed(next.value));
      }
      const first = waiting.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(waiting);
    await Promise.all(slots.map(stopThread));
  }
}

function startThread(job: DerivationJob): Slot {
  const slot: Slot = { worker: new Worker(entry, { workerData: job }), ended: false, settle: null };
  slot.worker.on('message', (outcome: { done?: UnitDone; failed?: Failure }) => slot.settle?.(outcome));
  slot.worker.on('error', (error) => slot.settle?.({ failed: { message: error.stack ?? String(error) } }));
  slot.worker.on('exit', (code) => {
    slot.ended = true;
    slot.settle?.({ failed: { message: `a worker thread ended with code ${code}` } });
  });
  return slot;
}

function runOn(slot: Slot, unit: UnitJob): Promise<UnitDone> {
  return new Promise((resolve, reject) => {
    if (slot.ended) return void reject(new Error('a worker thread has ended'));
    slot.settle = ({ done, failed }) => {
      slot.settle = null;
      if (done !== undefined) resolve(done);
      else reject(revive(failed as Failure));
    };
    slot.worker.postMessage(unit);
  });
}

function stopThread(slot: Slot): Promise<void> {
  if (slot.ended) return Promise.resolve();
  return new Promise((resolve) => {
    slot.worker.once('exit', () => resolve());
    slot.worker.postMessage(null);
  });
}

function revive({ family, code, message, detail = {} }: Failure): Error {
  if (code === undefined) return new Error(message);
  const classes: Record<string, new (code: string, message: string, options: object) => CustodyError> = {
    format: FormatError,
    integrity: IntegrityError,
    unavailable: UnavailableError,
    usage: UsageError,
  };
  const Class = classes[family ?? ''] ?? UsageError;
  return new Class(code, message, { detail });
}
