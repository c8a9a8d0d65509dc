import { loadPerson } from '@custody/case';
import { pino } from 'pino';
import { indexHop } from './index-hop.ts';
import { type QueuePlace, startWorker, type WorkerEvents } from './queue.ts';
import { framesOf } from './retry.ts';

/** Takes jobs until SIGTERM or SIGINT; then finishes the one under way and returns. A second signal ends it at once. */
export async function runWorker(place: QueuePlace): Promise<void> {
  const log = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  // A worker without an identity is told so now, not at its first job.
  await loadPerson();
  const asked = signalled();
  const events: WorkerEvents = {
    done: (job, result, ms) => log.info({ job, ...result, ms: Math.round(ms) }, 'indexed'),
    failed: (job, { code, message, again }, error) =>
      log.error({ job, code, again, ...(code === 'FAULT' && { at: framesOf(error) }) }, message),
    connection: (state) => log.warn({ state }, state === 'lost' ? 'Redis is away' : 'Redis is back'),
  };
  const worker = await startWorker('index', place, { hop: indexHop(), events });
  log.info('ready');
  log.info({ signal: await asked }, 'draining');
  await worker.drain();
  log.info('drained');
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
