import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/**
 * The folder of real samples, vectors and corpora that some tests compare with; it is not part of this repository.
 * `$CUSTODY_SHARED`, else `shared` beside the repository; null where neither is there.
 */
export function sharedFolder(): string | null {
  const folder = process.env.CUSTODY_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url));
  return existsSync(folder) ? folder : null;
}

/** A `describe` whose tests get the path of the shared folder; skipped with one visible line where it is absent. */
export function describeWithShared(name: string, tests: (folder: string) => void): void {
  const folder = sharedFolder();
  if (folder !== null) {
    describe(name, () => tests(folder));
    return;
  }
  console.warn(`skipped: ${name}: no folder ../shared and no $CUSTODY_SHARED`);
  describe(name, () => it.skip('needs the folder ../shared', () => {}));
}
