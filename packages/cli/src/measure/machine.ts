import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the numbers were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly kernel: string;
  /** Type of the file system under the case. */
  readonly fileSystem: string;
  /** Runnable processes a minute before: on a busy machine the clock says little, processor time somewhat more. */
  readonly load: number;
}

export function describeMachine(folder: string): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    kernel: `${type()} ${release()} ${arch()}`,
    fileSystem: fileSystemOf(folder),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function fileSystemOf(folder: string): string {
  try {
    return execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
