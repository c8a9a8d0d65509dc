import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askWorker, workerProgram } from '../../become-worker.ts';
import { cpuOf, type ProcessUse, ProcessWatch } from './process-watch.ts';
import { tellEvery } from './scale-progress.ts';
import { type DecodeTimes, decodedRecords, decodeTimes } from './worker-log.ts';

const custody = fileURLToPath(new URL('../../../bin/custody.js', import.meta.url));
const LOOK_MS = 1000;

/** What a queued ingest is made of. */
export interface QueuedTerms {
  /** A case that has the authority W-BENCH already. */
  readonly case: string;
  readonly capture: string;
  readonly keys: string;
  readonly workers: number;
  /** Of each worker's decode jobs. */
  readonly threads: number;
  /** Redis, S3, identity. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (what: string) => void;
}

/** A queued ingest as it went. */
export interface QueuedRun {
  readonly workers: number;
  readonly threads: number;
  readonly items: number;
  /** Seconds until the derivation was complete, and until no job was left: index tiles merged. */
  readonly wall: number;
  readonly idle: number;
  /** Seconds of processor time, of everything that the run started. */
  readonly cpu: { readonly workers: number; readonly command: number; readonly redis: number; readonly s3: number };
  /** Seconds of the workers' first threads since they were ready, which do nothing but queue. */
  readonly queueThreads: number;
  /** Most resident memory of each worker, and of the command, in MiB. */
  readonly peaksMiB: readonly number[];
  readonly commandPeakMiB: number;
  readonly decoding: readonly DecodeTimes[];
}

/** Starts the workers, hands a capture in, waits until it is complete and the queue is empty, drains the workers. */
export async function queuedRun(terms: QueuedTerms): Promise<QueuedRun> {
  const { env, threads } = terms;
  const workers = Array.from({ length: terms.workers }, () => new BenchWorker(threads, env));
  const watch = new ProcessWatch();
  const telling = tellEvery(terms.say, () => {
    const decoded = workers.reduce((sum, worker) => sum + decodedRecords(worker.lines), 0);
    return decoded === 0 ? 'taking the capture in' : `${decoded.toLocaleString('en-US')} messages decoded and stored`;
  });
  try {
    await Promise.all(workers.map((worker) => worker.ready));
    const before = watch.look();
    const started = performance.now();
    const items = await ingest(terms);
    const wall = (performance.now() - started) / 1000;
    // Later commands only ask whether the queue is empty: no part of an ingest.
    const taken = watch.look();
    await untilIdle(env);
    const idle = (performance.now() - started) / 1000;
    const after = watch.look();
    await Promise.all(workers.map((worker) => worker.drain()));
    const decoding = workers.map((worker) => decodeTimes(worker.lines)).filter((one) => one !== null);
    return { workers: terms.workers, threads, items, wall, idle, decoding, ...used(before, taken, after) };
  } finally {
    telling.stop();
    watch.stop();
    for (const worker of workers) worker.kill();
  }
}

function used(
  before: readonly ProcessUse[],
  taken: readonly ProcessUse[],
  after: readonly ProcessUse[],
): Pick<QueuedRun, 'cpu' | 'queueThreads' | 'peaksMiB' | 'commandPeakMiB'> {
  const since = (pick: (uses: readonly ProcessUse[]) => number) => pick(after) - pick(before);
  const ofWorkers = (uses: readonly ProcessUse[]) => uses.filter(({ role }) => role === 'worker');
  const peak = (role: ProcessUse['role']) => after.filter((use) => use.role === role).map(({ peakMiB }) => peakMiB);
  return {
    cpu: {
      // From their start: what a worker needs to be ready is part of what it costs.
      workers: cpuOf(after, 'worker'),
      command: cpuOf(taken, 'command'),
      redis: since((uses) => cpuOf(uses, 'redis')),
      s3: since((uses) => cpuOf(uses, 's3')),
    },
    queueThreads: since((uses) => ofWorkers(uses).reduce((sum, use) => sum + use.firstThreadCpu, 0)),
    peaksMiB: peak('worker'),
    commandPeakMiB: Math.max(0, ...peak('command')),
  };
}

/** `custody ingest --queue`, as a person types it. */
async function ingest({ case: location, capture, keys, env }: QueuedTerms): Promise<number> {
  const flags = ['--case', location, '--warrant', 'W-BENCH', '--keys', keys, '--no-supplier-hash', '--json'];
  const child = spawn(
    process.execPath,
    [...process.execArgv, custody, 'ingest', ...flags, '--queue', env.CUSTODY_REDIS ?? '', capture],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`custody ingest --queue ended with ${code}`);
  return (JSON.parse(out) as { readonly items: number }).items;
}

/** Until no hop has a job waiting, under way or to be tried again. */
async function untilIdle(env: NodeJS.ProcessEnv): Promise<void> {
  for (;;) {
    const { code, stdout, stderr } = await askWorker(['status', '--json'], env);
    if (code !== 0) throw new Error(`custody-worker status: ${stderr}`);
    const hops = Object.values(
      JSON.parse(stdout) as Record<string, { readonly open: number; readonly failed: number }>,
    );
    if (hops.some(({ failed }) => failed > 0)) throw new Error('jobs were set aside: "custody jobs" would list them');
    if (hops.every(({ open }) => open === 0)) return;
    await sleep(LOOK_MS);
  }
}

class BenchWorker {
  readonly #child: ChildProcess;
  readonly lines: string[] = [];
  readonly ready: Promise<void>;

  constructor(threads: number, env: NodeJS.ProcessEnv) {
    const args = ['run', '--threads', String(threads)];
    const flags = [...process.execArgv, workerProgram(), ...args];
    const child = spawn(process.execPath, flags, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.lines.push(line);
        if (line.includes('"msg":"ready"')) resolve();
      });
      child.on('exit', () => reject(new Error(`a worker ended: ${this.lines.at(-1) ?? 'it said nothing'}`)));
    });
    // Whoever waits for it hears of it.
    this.ready.catch(() => undefined);
  }

  async drain(): Promise<void> {
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  kill(): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
  }
}
