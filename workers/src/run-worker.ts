import { loadPerson, openCase, requireHeld } from '@custody/case';
import { type Logger, pino } from 'pino';
import { usage } from './errors.ts';
import { startHealthServer } from './health-server.ts';
import { HopThread } from './hop-thread.ts';
import { type HopName, type QueuePlace, startWorker, type WorkerEvents } from './queue.ts';
import { type Fate, framesOf } from './retry.ts';
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

/**
 * Takes jobs until SIGTERM or SIGINT; then finishes those under way and returns. A second signal ends it at once. A hop
 * that this worker's identity or version does not fit is given up; when none is left it throws UsageError NO_RIGHTS.
 */
export async function runWorker(place: QueuePlace, terms: WorkerTerms): Promise<void> {
  const log = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  await checkRights(terms);
  const asked = signalled();
  const metrics = new WorkerMetrics(place);
  const { hops, threads } = terms;
  const rooms = roomsOf(hops, threads);
  const stations: Station[] = [];
  let draining = false;
  const ready = (): string | null => {
    if (stations.length < hops.length) return 'starting';
    return draining ? 'draining' : firstReason(stations);
  };
  // Before any job is taken: a port that somebody else has ends this worker.
  const health = terms.health && (await startHealthServer(terms.health, { metrics, ready }));
  try {
    const opening = hops.map((hop) => openStation(hop, place, { thread: rooms.get(hop) as HopThread, log, metrics }));
    stations.push(...(await Promise.all(opening)));
  } catch (error) {
    await health?.close();
    throw error;
  }
  log.info({ hops, ...(health && { metricsPort: health.port }) }, 'ready');
  const unfit = Promise.all(stations.map((station) => station.stoodDown));
  const ended = await Promise.race([asked, unfit]);
  log.info(typeof ended === 'string' ? { signal: ended } : { hops }, 'draining');
  draining = true;
  await Promise.all(stations.map((station) => station.close()));
  await Promise.all([...new Set(rooms.values())].map((room) => room.close()));
  await health?.close();
  await metrics.close();
  log.info('drained');
  if (typeof ended !== 'string') throw usage('NO_RIGHTS', `nothing left to do here: ${ended[0]?.message ?? ''}`);
}

/**
 * Each thread holds the whole program, some 60 MiB, and mostly waits for the store. So hops share one, but for decoding
 * where it computes in the thread it is in: with several threads a job has these compute, and its own only hands on.
 */
function roomsOf(hops: readonly HopName[], threads: number): ReadonlyMap<HopName, HopThread> {
  if (threads > 1) {
    const room = new HopThread({ hops, threads });
    return new Map(hops.map((hop) => [hop, room]));
  }
  const others = hops.filter((hop) => hop !== 'decode');
  const decoding = new HopThread({ hops: ['decode'], threads });
  const shared = new HopThread({ hops: others, threads });
  return new Map(hops.map((hop) => [hop, hop === 'decode' ? decoding : shared]));
}

function firstReason(stations: readonly Station[]): string | null {
  return stations.map((station) => station.notReady()).find((reason) => reason !== null) ?? null;
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
  /** Why it takes no jobs; null where it does. */
  readonly notReady: () => string | null;
  /** Resolves when jobs of this hop turned out not to be for this worker. */
  readonly stoodDown: Promise<Fate>;
  close(): Promise<void>;
}

interface StationTerms {
  /** Where its jobs are done. */
  readonly thread: HopThread;
  readonly log: Logger;
  readonly metrics: WorkerMetrics;
}

async function openStation(hop: HopName, place: QueuePlace, { thread, log, metrics }: StationTerms): Promise<Station> {
  const down = Promise.withResolvers<Fate>();
  let unfit: Fate | null = null;
  const stoodDown = (fate: Fate): void => {
    unfit ??= fate;
    log.error({ hop, code: fate.code }, `takes no further ${hop} jobs: ${fate.message}`);
    down.resolve(fate);
  };
  const events = { ...eventsOf(hop, log, metrics), stoodDown };
  const worker = await startWorker(hop, place, { hop: thread.hop(hop), events });
  return {
    notReady: () => {
      if (unfit !== null) return `${hop}: ${unfit.code}`;
      return worker.connected() ? null : 'Redis is away';
    },
    stoodDown: down.promise,
    close: () => worker.drain(),
  };
}

const DONE: Readonly<Record<HopName, string>> = {
  decode: 'decoded',
  commit: 'committed',
  index: 'indexed',
  merge: 'merged',
  exhibit: 'made',
};

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
