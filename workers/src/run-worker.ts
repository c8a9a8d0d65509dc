import { loadPerson, openCase, requireHeld } from '@custody/case';
import { type Logger, pino } from 'pino';
import { HopThread } from './hop-thread.ts';
import { type HopName, type QueuePlace, startWorker, type WorkerEvents } from './queue.ts';
import { framesOf } from './retry.ts';

export interface WorkerTerms {
  readonly hops: readonly HopName[];
  /** Threads that decode one job. */
  readonly threads: number;
  /** Cases that this worker is meant for: what its identity lacks there is said at the start. */
  readonly cases: readonly string[];
}

/** Takes jobs until SIGTERM or SIGINT; then finishes those under way and returns. A second signal ends it at once. */
export async function runWorker(place: QueuePlace, { hops, threads, cases }: WorkerTerms): Promise<void> {
  const log = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  // A worker without an identity, or without the rights it needs, is told so now, not at its first job.
  await loadPerson();
  for (const location of cases) {
    const opened = await openCase(location);
    for (const hop of hops) requireHeld(opened, hop);
  }
  const asked = signalled();
  const stations = await Promise.all(hops.map((hop) => openStation(hop, place, { threads, log })));
  log.info({ hops }, 'ready');
  log.info({ signal: await asked }, 'draining');
  await Promise.all(stations.map((station) => station.close()));
  log.info('drained');
}

async function openStation(
  hop: HopName,
  place: QueuePlace,
  { threads, log }: { readonly threads: number; readonly log: Logger },
): Promise<{ close(): Promise<void> }> {
  const thread = new HopThread({ hop, threads });
  const worker = await startWorker(hop, place, { hop: thread.run, events: eventsOf(hop, log) });
  return {
    close: async () => {
      await worker.drain();
      await thread.close();
    },
  };
}

const DONE: Readonly<Record<HopName, string>> = { decode: 'decoded', commit: 'committed', index: 'indexed' };

function eventsOf(hop: HopName, log: Logger): WorkerEvents {
  return {
    done: (job, result, ms) => log.info({ hop, job, ...result, ms: Math.round(ms) }, DONE[hop]),
    failed: (job, { code, message, again }, error) =>
      log.error({ hop, job, code, again, ...(code === 'FAULT' && { at: framesOf(error) }) }, message),
    connection: (state) => log.warn({ hop, state }, state === 'lost' ? 'Redis is away' : 'Redis is back'),
  };
}

function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve(signal);
      });
    }
  });
}
