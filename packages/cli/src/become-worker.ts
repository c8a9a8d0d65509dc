import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@custody/bytes';

const PROGRAM = 'custody-worker';

/**
 * Becomes `custody-worker ARGS`, a program of its own that knows queues: same process, so signals and exit code are its
 * own. Returns only by throwing UsageError WORKER_NOT_INSTALLED.
 */
export function becomeWorker(args: readonly string[], env: NodeJS.ProcessEnv = process.env): never {
  const program = findWorker();
  if (program === null || process.execve === undefined) {
    throw new UsageError(
      'WORKER_NOT_INSTALLED',
      `${PROGRAM} is not installed beside custody: install @custody/workers, or in a checkout run "npm ci"`,
    );
  }
  return process.execve(process.execPath, [process.execPath, program, ...args], env);
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
