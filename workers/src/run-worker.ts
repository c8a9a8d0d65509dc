import { loadPerson, openCase, requireHeld } from '@custody/case';
import { type Logger, pino } from 'pino';
import { startHealthServer } from './health-server.ts';
import { HopThread } from './hop-thread.ts';
import { type HopName, type QueuePlace, startWorker, type WorkerEvents } from './queue.ts';
import { framesOf } from './retry.ts';
import { WorkerMetrics } from './worker-metrics.ts';

export interface WorkerTerms {
  readonly hops: readonly HopName[];
  /** Threads that decode one job. */
  readonly threads: number;
  /** Cases that this worker is meant for: what its identity lacks there is said at the start. */
  readonly cases: readonly string[];
  /** Where metrics and health are served; null: nowhere. Port 0: any, told in the log. */
  readonly health: { readonly host: string; readonly port: number } | null;
}

/** Takes jobs until SIGTERM or SIGINT; then finishes those under way and returns. A second signal ends it at once. */
export async function runWorker(place: QueuePlace, terms: WorkerTerms): Promise<void> {
  const log = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  await checkRights(terms);
  const asked = signalled();
  const metrics = new WorkerMetrics(place);
  const { hops, threads } = terms;
  const stations = await Promise.all(hops.map((hop) => openStation(hop, place, { threads, log, metrics })));
  let draining = false;
  const ready = (): string | null => {
    if (draining) return 'draining';
    return stations.every((station) => station.connected()) ? null : 'Redis is away';
  };
  const health = terms.health && (await startHealthServer(terms.health, { metrics, ready }));
  log.info({ hops, ...(health && { metricsPort: health.port }) }, 'ready');
  log.info({ signal: await asked }, 'draining');
  draining = true;
  await Promise.all(stations.map((station) => station.close()));
  await health?.close();
  await metrics.close();
  log.info('drained');
}

/** A worker without an identity, or without the rights it needs, is told so now, not at its first job. */
async function checkRights({ hops, cases }: WorkerTerms): Promise<void> {
  await loadPerson();
  for (const location of cases) {
    const opened = await openCase(location);
    for (const hop of hops) requireHeld(opened, hop);
  }
}

interface Station {
  readonly connected: () => boolean;
  close(): Promise<void>;
}

async function openStation(
  hop: HopName,
  place: QueuePlace,
  { threads, log, metrics }: { readonly threads: number; readonly log: Logger; readonly metrics: WorkerMetrics },
): Promise<Station> {
  const thread = new HopThread({ hop, threads });
  const worker = await startWorker(hop, place, { hop: thread.run, events: eventsOf(hop, log, metrics) });
  return {
    connected: worker.connected,
    close: async () => {
      await worker.drain();
      await thread.close();
    },
  };
}

const DONE: Readonly<Record<HopName, string>> = { decode: 'decoded', commit: 'committed', index: 'indexed' };

function eventsOf(hop: HopName, log: Logger, metrics: WorkerMetrics): WorkerEvents {
  return {
    done: (job, result, ms) => {
      metrics.done(hop, result, ms);
      log.info({ hop, job, ...result, ms: Math.round(ms) }, DONE[hop]);
    },
    failed: (job, fate, error) => {
      metrics.failed(hop, fate);
      const { code, message, again } = fate;
      log.error({ hop, job, code, again, ...(code === 'FAULT' && { at: framesOf(error) }) }, message);
    },
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
