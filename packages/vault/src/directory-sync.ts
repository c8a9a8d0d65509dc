import { constants } from 'node:fs';
import { UnavailableError } from '@custody/bytes';
import { type FileCalls, pooledCalls, type StoreFile } from './directory-calls.ts';
import type { VaultErrorCode } from './errors.ts';

/** How things are written through to the medium. */
export interface SyncCalls {
  file(handle: Pick<StoreFile, 'sync'>): Promise<void>;
  folder(path: string): Promise<void>;
}

/** Through to the medium, by these calls. */
export function syncsBy(calls: FileCalls): SyncCalls {
  return {
    file: (handle) => handle.sync(),
    async folder(path) {
      const handle = await calls.open(path, constants.O_RDONLY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

/**
 * fsync of files and folders. A folder asked for by many at once is synced once for all who asked before that began.
 *
 * After one failure nothing is promised any more: the kernel may have dropped what it could not write and report
 * success the next time, so this process stores nothing further in the vault. The next one reads what is really there.
 */
export class Syncs {
  readonly #calls: SyncCalls;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();
  #failed: Error | null = null;

  constructor(calls: SyncCalls = syncsBy(pooledCalls)) {
    this.#calls = calls;
  }

  /** Throws UnavailableError STORE_UNAVAILABLE after any failure. */
  check(): void {
    if (this.#failed === null) return;
    throw new UnavailableError<VaultErrorCode>(
      'STORE_UNAVAILABLE',
      'The medium failed to write earlier, so nothing more is stored. Check the disk, then run the command again.',
      { cause: this.#failed },
    );
  }

  file(handle: Pick<StoreFile, 'sync'>): Promise<void> {
    return this.#guard(() => this.#calls.file(handle));
  }

  /** Resolves after an fsync of the folder that began after this call. */
  folder(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (running === undefined) return this.#start(path);
    const waiting = this.#next.get(path);
    if (waiting !== undefined) return waiting;
    // One that began before this call may have missed our entry, so it is awaited and another begun.
    const begin = (): Promise<void> => {
      this.#next.delete(path);
      return this.#start(path);
    };
    const next = running.then(begin, begin);
    this.#next.set(path, next);
    return next;
  }

  #start(path: string): Promise<void> {
    const done = this.#guard(() => this.#calls.folder(path)).finally(() => {
      if (this.#running.get(path) === done) this.#running.delete(path);
    });
    this.#running.set(path, done);
    return done;
  }

  async #guard(call: () => Promise<void>): Promise<void> {
    this.check();
    try {
      await call();
    } catch (error) {
      const { syscall, code } = error as NodeJS.ErrnoException;
      // Some file systems know no fsync of folders; they keep entries in order by themselves or promise nothing.
      if (syscall === 'fsync' && code === 'EINVAL') return;
      if (syscall === 'fsync') this.#failed = error as Error;
      throw error;
    }
  }
}
