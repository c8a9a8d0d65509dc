import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { IntegrityError, UnavailableError, UsageError } from '@custody/bytes';
import type { Case, Progress, ProgressStage } from '@custody/case';
import { workerProgram } from './become-worker.ts';

/** Flags of every command that leaves its work to workers. */
export interface QueueFlags {
  /** Address of Redis. */
  readonly queue?: string;
  readonly lab?: string;
  /** `false` from `--no-wait`. */
  readonly wait?: boolean;
}

/** Jobs of one derivation. */
export interface HandedIn {
  readonly derivation: number;
  readonly jobs: number;
  readonly added: number;
}

/** What `custody-worker hand-in` prints, line by line. */
type Line =
  | { readonly handedIn: HandedIn }
  | { readonly progress: { readonly committed: number; readonly records: number } }
  | { readonly note: string }
  | { readonly error: { readonly family: string; readonly code: string; readonly message: string } };

/**
 * Hands derivations that were planned for workers in, by the program that knows queues, and waits until they are
 * complete unless told not to. Throws what it says: UnavailableError QUEUE_UNAVAILABLE; the error of a job set aside.
 */
export async function handToWorkers(
  opened: Case,
  derivations: readonly number[],
  { flags, progress }: { readonly flags: QueueFlags; readonly progress: Progress },
): Promise<readonly HandedIn[]> {
  if (derivations.length === 0) return [];
  const named = derivations.flatMap((entry) => ['--derivation', String(entry)]);
  return handIn(opened, named, { flags, progress });
}

/** Hands an ordered exhibit in, and waits until it is made unless told not to. Throws as `handToWorkers` does. */
export async function orderToWorkers(
  opened: Case,
  label: string,
  terms: { readonly flags: QueueFlags; readonly progress: Progress },
): Promise<void> {
  await handIn(opened, ['--exhibit', label], terms);
}

async function handIn(
  opened: Case,
  named: readonly string[],
  { flags, progress }: { readonly flags: QueueFlags; readonly progress: Progress },
): Promise<readonly HandedIn[]> {
  const args = ['hand-in', '--case', opened.vault.location, ...named, ...(flags.wait === false ? [] : ['--wait'])];
  const child = spawn(process.execPath, [workerProgram(), ...args], {
    env: queueEnvironment(flags),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const handedIn: HandedIn[] = [];
  const bar = new Bar(progress);
  let failure: Error | null = null;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    if ('handedIn' in line) handedIn.push(line.handedIn);
    else if ('progress' in line) bar.at(line.progress);
    else if ('note' in line) process.stderr.write(`custody: ${line.note}\n`);
    else failure = revived(line.error);
  }
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  if (failure !== null) throw failure;
  if (code !== 0) throw new UnavailableError('WORKER_FAILED', `the program for queues ended (${signal ?? code})`);
  return handedIn;
}

/** The address goes by the environment: it may hold a password, and arguments are for all to see. */
export function queueEnvironment({ queue, lab }: QueueFlags): NodeJS.ProcessEnv {
  return { ...process.env, ...(queue && { CUSTODY_REDIS: queue }), ...(lab && { CUSTODY_LAB: lab }) };
}

class Bar {
  readonly #progress: Progress;
  #stage: ProgressStage | null = null;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  at({ committed, records }: { readonly committed: number; readonly records: number }): void {
    this.#stage ??= this.#progress.stage('workers', records, 'records');
    this.#stage.at(committed);
  }
}

function revived({ family, code, message }: { family: string; code: string; message: string }): Error {
  if (family === 'unavailable') return new UnavailableError(code, message);
  return family === 'integrity' ? new IntegrityError(code, message) : new UsageError(code, message);
}
