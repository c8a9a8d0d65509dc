import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { rename, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '@custody/bytes';
import { blockingCalls, type FileCalls, pooledCalls, type StoreFile } from './directory-calls.ts';
import { erase, openForErasure } from './directory-erase.ts';
import { Folders } from './directory-folders.ts';
import { listDirectory } from './directory-list.ts';
import {
  digestFile,
  holdsBytes,
  openStored,
  readFully,
  readPieces,
  resolveRange,
  type StoredFile,
} from './directory-read.ts';
import { Syncs, syncsBy } from './directory-sync.ts';
import { openTemp, sweepTemp, type TempFile } from './directory-temp.ts';
import type { VaultErrorCode } from './errors.ts';
import { checkName, checkPrefix, checkRemovable, checkViewName, RESERVED } from './object-name.ts';
import { markSource } from './source-failure.ts';
import { errnoOf, type StoreAct, storeError } from './store-error.ts';
import {
  type ByteRange,
  type CreateOptions,
  type CreateResult,
  MAX_WHOLE_READ,
  type ObjectInfo,
  type StreamResult,
  type Vault,
} from './vault.ts';

export interface DirectoryVaultOptions {
  /** Cap on whole reads, in bytes. Default 1 GiB. */
  readonly maxWholeRead?: number;
  /** Calls of the system are made in the calling thread, but for those that wait for the medium. Default false. */
  readonly blocking?: boolean;
}

/**
 * A vault in a directory of one file system. An object is written to a file in `.tmp/`, synced, then linked to its
 * name: `link` fails where the name is taken, so it is what decides between processes, and a reader sees a whole
 * object or none. Then the folder is synced. A failed fsync is never tried again, because the kernel may have
 * dropped the pages and report success the second time.
 */
class DirectoryVault implements Vault {
  readonly location: string;
  readonly #temp: string;
  readonly #calls: FileCalls;
  readonly #syncs: Syncs;
  readonly #folders: Folders;
  readonly #maxWholeRead: number;

  constructor(path: string, { maxWholeRead = MAX_WHOLE_READ, blocking = false }: DirectoryVaultOptions) {
    this.location = path;
    this.#temp = join(path, RESERVED);
    this.#calls = blocking ? blockingCalls : pooledCalls;
    this.#syncs = new Syncs(syncsBy(this.#calls));
    this.#folders = new Folders(path, this.#syncs);
    this.#maxWholeRead = maxWholeRead;
  }

  localPath(name: string): string {
    checkName(name);
    return join(this.location, name);
  }

  create(name: string, data: Uint8Array, options: CreateOptions = {}): Promise<CreateResult> {
    const durable = options.durable ?? true;
    return this.#do('storing', name, async (path, act) => {
      if (await this.#stands(path, act, durable)) return 'exists';
      const temp = await this.#openTemp();
      return this.#publish(temp, path, { act, durable, write: (handle) => writeFully(handle, data) });
    });
  }

  createFromStream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<StreamResult> {
    return this.#do('storing', name, async (path, act) => {
      if (await this.#stands(path, act, true)) return this.#describe(path, act);
      const hash = createHash('sha256');
      let length = 0;
      const write = async (handle: StoreFile): Promise<void> => {
        for await (const chunk of markSource(chunks)) {
          hash.update(chunk);
          length += chunk.length;
          await writeFully(handle, chunk);
        }
      };
      const result = await this.#publish(await this.#openTemp(), path, { act, durable: true, write });
      return result === 'created' ? { result, length, sha256: hash.digest() } : this.#describe(path, act);
    });
  }

  read(name: string, range?: ByteRange): Promise<Uint8Array> {
    return this.#do('reading', name, (path, act) =>
      this.#withStored(path, act, async ({ handle, size }) => {
        const wanted = resolveRange(range, size, act);
        if (wanted.length > this.#maxWholeRead) throw tooLarge(act, wanted.length);
        return readFully(handle, wanted, act);
      }),
    );
  }

  holds(name: string, bytes: Uint8Array): Promise<boolean> {
    return this.#do('reading', name, (path, act) =>
      this.#withStored(path, act, async ({ handle, size }) => size === bytes.length && holdsBytes(handle, bytes)),
    );
  }

  digest(name: string): Promise<Uint8Array> {
    return this.#do('reading', name, (path, act) => this.#withStored(path, act, (file) => digestFile(file, act)));
  }

  async *readStream(name: string, range?: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
    const path = this.localPath(name);
    const act = this.#act('reading', name);
    try {
      const { handle, size } = await openStored(path, act, this.#calls);
      try {
        yield* readPieces(handle, resolveRange(range, size, act), act);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw storeError(error, act);
    }
  }

  info(name: string): Promise<ObjectInfo | null> {
    return this.#do('looking at', name, async (path) => {
      const found = await this.#lstatOrNull(path);
      return found === null || found.isDirectory() ? null : { name, length: found.size };
    });
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo, void, undefined> {
    checkPrefix(prefix);
    try {
      yield* listDirectory(this.location, prefix);
    } catch (error) {
      throw storeError(error, this.#act('listing', prefix || 'all objects'));
    }
  }

  async freeBytes(): Promise<number | null> {
    try {
      const { bavail, bsize } = await statfs(this.location);
      return bavail * bsize;
    } catch {
      // Not made yet, or a file system that does not tell.
      return null;
    }
  }

  destroy(name: string): Promise<void> {
    return this.#do('destroying', name, async (path, act) => {
      const found = await this.#lstatOrNull(path);
      if (found === null && (await this.create(name, new Uint8Array(0))) === 'created') return;
      if (found?.isDirectory()) throw nameConflict(act);
      if (found?.isFile() && found.size === 0) return void (await this.#stands(path, act, true));
      const temp = await this.#openTemp();
      await this.#fill(temp, async () => {});
      // Opened before the name goes: afterwards only this handle reaches the old bytes.
      const old = await openForErasure(path);
      try {
        await rename(temp.path, path);
        await this.#syncs.folder(dirname(path));
        if (old !== null) await erase(old, { temp: this.#temp, syncs: this.#syncs });
      } finally {
        await old?.close();
        await unlink(temp.path).catch(() => {});
      }
    });
  }

  replace(name: string, data: Uint8Array): Promise<void> {
    return this.#do('storing', name, async (path) => {
      checkViewName(name);
      const temp = await this.#openTemp();
      await this.#fill(temp, (handle) => writeFully(handle, data));
      try {
        await this.#folders.ensure(dirname(path));
        await rename(temp.path, path);
      } catch (error) {
        await unlink(temp.path).catch(() => {});
        throw error;
      }
    });
  }

  remove(name: string): Promise<void> {
    return this.#do('removing', name, async (path) => {
      checkRemovable(name);
      await unlink(path).catch((error: unknown) => {
        if (!['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) throw error;
      });
    });
  }

  /** Whether the name is taken. If so and it must be durable, it is made so: its maker may not have got that far. */
  async #stands(path: string, act: StoreAct, durable: boolean): Promise<boolean> {
    const found = await this.#lstatOrNull(path);
    if (found === null) return false;
    if (found.isDirectory()) throw nameConflict(act);
    if (!durable) return true;
    await this.#withStored(path, act, ({ handle }) => this.#syncs.file(handle));
    await this.#syncs.folder(dirname(path));
    return true;
  }

  async #openTemp(): Promise<TempFile> {
    this.#syncs.check();
    await this.#folders.ensure(this.#temp);
    try {
      return await openTemp(this.#temp, this.#calls);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      // Somebody removed the folder while we run; made anew once.
      this.#folders.forget();
      await this.#folders.ensure(this.#temp);
      return openTemp(this.#temp, this.#calls);
    }
  }

  /**
   * Content is always written through before it gets its name: otherwise a power failure could leave the name with
   * an empty file, which reads as destroyed and could never be stored again.
   */
  async #fill(temp: TempFile, write: (handle: StoreFile) => Promise<void>): Promise<void> {
    try {
      await write(temp.handle);
      await this.#syncs.file(temp.handle);
    } catch (error) {
      await this.#calls.unlink(temp.path).catch(() => {});
      throw error;
    } finally {
      await temp.handle.close();
    }
  }

  async #publish(
    temp: TempFile,
    path: string,
    how: { act: StoreAct; durable: boolean; write: (handle: StoreFile) => Promise<void> },
  ): Promise<CreateResult> {
    await this.#fill(temp, how.write);
    try {
      await this.#link(temp.path, path);
    } catch (error) {
      if (errnoOf(error) === 'ENOTDIR') throw nameConflict(how.act);
      if (errnoOf(error) !== 'EEXIST') throw error;
      await this.#stands(path, how.act, how.durable);
      return 'exists';
    } finally {
      await this.#calls.unlink(temp.path).catch(() => {});
    }
    if (how.durable) await this.#syncs.folder(dirname(path));
    return 'created';
  }

  async #link(from: string, to: string): Promise<void> {
    await this.#folders.ensure(dirname(to));
    try {
      await this.#calls.link(from, to);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      this.#folders.forget();
      await this.#folders.ensure(dirname(to));
      await this.#calls.link(from, to);
    }
  }

  async #describe(path: string, act: StoreAct): Promise<StreamResult> {
    return this.#withStored(path, act, async (file) => {
      return { result: 'exists', length: file.size, sha256: await digestFile(file, act) };
    });
  }

  async #withStored<T>(path: string, act: StoreAct, work: (file: StoredFile) => Promise<T>): Promise<T> {
    const file = await openStored(path, act, this.#calls);
    try {
      return await work(file);
    } finally {
      await file.handle.close();
    }
  }

  async #lstatOrNull(path: string): Promise<Stats | null> {
    try {
      return await this.#calls.lstat(path);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
      throw error;
    }
  }

  #act(doing: string, what: string): StoreAct {
    return { doing, what, location: this.location, writes: doing === 'storing' || doing === 'destroying' };
  }

  async #do<T>(doing: string, name: string, work: (path: string, act: StoreAct) => Promise<T>): Promise<T> {
    checkName(name);
    const act = this.#act(doing, name);
    try {
      return await work(join(this.location, name), act);
    } catch (error) {
      throw storeError(error, act);
    }
  }
}

async function writeFully(handle: StoreFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}

function tooLarge(act: StoreAct, length: number): UsageError<VaultErrorCode> {
  return new UsageError(
    'OBJECT_TOO_LARGE',
    `${act.what} in ${act.location} has ${length} bytes: read it as a stream or by ranges.`,
  );
}

function nameConflict(act: StoreAct): UsageError<VaultErrorCode> {
  return new UsageError(
    'NAME_CONFLICT',
    `${act.what} in ${act.location}: the name, or a folder of it, is taken the other way.`,
  );
}

/**
 * Opens a vault in a directory. Nothing is made before the first object is stored, so a read-only or missing
 * directory opens, too. Sweeps what killed processes left in `.tmp/`.
 * Throws UsageError LOCATION_INVALID where `path` is something else than a directory.
 */
export async function openDirectoryVault(path: string, options: DirectoryVaultOptions = {}): Promise<Vault> {
  const root = resolve(path);
  const found = await stat(root).catch(() => null);
  if (found !== null && !found.isDirectory()) {
    throw new UsageError<VaultErrorCode>('LOCATION_INVALID', `${root} is not a directory.`);
  }
  await sweepTemp(join(root, RESERVED), Date.now());
  return new DirectoryVault(root, options);
}
