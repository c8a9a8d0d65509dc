import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@custody/bytes';

const PROGRAM = 'custody-worker';

/**
 * Becomes `custody-worker ARGS`, a program of its own that knows queues: same process, so signals and exit code are its
 * own. Returns only by throwing UsageError WORKER_NOT_INSTALLED.
 */
export function becomeWorker(args: readonly string[], env: NodeJS.ProcessEnv = process.env): never {
  const program = workerProgram();
  if (process.execve === undefined) throw notInstalled();
  return process.execve(process.execPath, [process.execPath, program, ...args], env);
}

export interface WorkerAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `custody-worker ARGS` to its end. Throws UsageError WORKER_NOT_INSTALLED. */
export async function askWorker(args: readonly string[], env: NodeJS.ProcessEnv): Promise<WorkerAnswer> {
  const child = spawn(process.execPath, [workerProgram(), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exit) as [number | null];
  return { code: code ?? 1, stdout, stderr };
}

/** Path of `custody-worker`. Throws UsageError WORKER_NOT_INSTALLED. */
export function workerProgram(): string {
  const program = findWorker();
  if (program === null) throw notInstalled();
  return program;
}

function notInstalled(): Error {
  return new UsageError(
    'WORKER_NOT_INSTALLED',
    `${PROGRAM} is not installed beside custody: install @custody/workers, or in a checkout run "npm ci"`,
  );
}

/** Beside this installation first, so that both are of one version; then wherever the user's programs are. */
function findWorker(): string | null {
  const places: string[] = [];
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    places.push(join(folder, 'node_modules', '.bin'));
  }
  places.push(...(process.env.PATH ?? '').split(delimiter));
  const found = places.map((place) => join(place, PROGRAM)).find((path) => existsSync(path));
  return found === undefined ? null : realpathSync(found);
}
