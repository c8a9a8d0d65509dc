import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openCase, type Person } from '@custody/case';

/** Names of all stored objects below `folder` of a case, sorted. */
export function objectsBelow(path: string, folder = ''): string[] {
  const top = join(path, folder);
  try {
    return readdirSync(top, { recursive: true, withFileTypes: true })
      .filter(
        (entry) => entry.isFile() && !/(^|\/)\.[^/]*(\/|$)/.test(relative(path, join(entry.parentPath, entry.name))),
      )
      .map((entry) => relative(path, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    // A folder that comes and goes while it is read.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * A copy of a case as it was when its last derivation had begun: nothing of it is committed or built, but the secrets
 * that were drawn are there, so that whoever goes on from here must come to the same bytes.
 */
export async function forkAfterSecrets(path: string, to: string, person: Person): Promise<void> {
  cpSync(path, to, { recursive: true });
  const { state, ledger } = await openCase(path, { person });
  const derive = [...state.derivations.keys()].at(-1) ?? -1;
  for (const { size } of ledger.commits.filter((commit) => commit.size > derive))
    rmSync(join(to, `log/commit/${size}`));
  for (const folder of ['leaves', 'segments', 'index', 'log/tile', 'log/checkpoint']) {
    rmSync(join(to, folder), { recursive: true, force: true });
  }
}
