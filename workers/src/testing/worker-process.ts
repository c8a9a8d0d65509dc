import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobQueue, type QueuePlace } from '../queue.ts';

const launcher = fileURLToPath(new URL('../../bin/custody-worker.js', import.meta.url));

/** As the launcher has them; the set-up of a run of tests bundles the sources, which start in less time. */
function program(): readonly string[] {
  const bundle = process.env.CUSTODY_TEST_BUNDLE;
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', '--conditions=source'];
  return bundle === undefined ? [launcher] : [...flags, join(bundle, 'worker.js')];
}

/** A `custody-worker` process with what it wrote. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  #output = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [...program(), ...args], { env: { ...process.env, ...env }, stdio: 'pipe' });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += String(chunk);
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  /** Sends a signal and resolves with the exit code, or the signal's name. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<number | NodeJS.Signals> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) await once(this.#child, 'close');
    return this.#child.exitCode ?? (this.#child.signalCode as NodeJS.Signals);
  }
}

/** Waits until something holds; tests have a time limit of their own. */
export async function until(holds: () => boolean | Promise<boolean>, everyMs = 25): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}

/** Waits until no job of index and merge is waiting, running or to be tried again; resolves with the counts of index. */
export async function untilIdle(place: QueuePlace): Promise<{ completed: number; failed: number }> {
  const [index, merge] = [await JobQueue.open('index', place), await JobQueue.open('merge', place)];
  try {
    // In this order: an index job hands its merge in before it is done.
    for (const queue of [index, merge]) await until(async () => (await queue.counts()).open === 0);
    const { completed, failed } = await index.counts();
    return { completed, failed };
  } finally {
    await index.close();
    await merge.close();
  }
}
