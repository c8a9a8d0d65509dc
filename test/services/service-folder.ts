import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceUser } from './process.ts';

/**
 * A temporary folder for a service, with subfolders, belonging to the user that services run under. Its name holds
 * our pid: what a killed run left behind goes when the next one starts.
 */
export async function serviceFolder(service: string, subfolders: readonly string[] = []): Promise<string> {
  const prefix = `custody-test-${service}-`;
  await removeOrphans(prefix);
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await give(folder);
  for (const name of subfolders) {
    await mkdir(join(folder, name));
    await give(join(folder, name));
  }
  return folder;
}

async function give(path: string): Promise<void> {
  if (serviceUser !== null) await chown(path, serviceUser, serviceUser);
}

async function removeOrphans(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** A zombie that nobody collects, as in a container without an init, is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self/status') || !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
