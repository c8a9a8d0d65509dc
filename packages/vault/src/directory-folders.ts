import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf } from './store-error.ts';

/** Writes a folder's entries to the medium. Asked for by many at once, one fsync serves all who asked before it began. */
export class FolderSync {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** Resolves after an fsync of the folder that began after this call. */
  sync(folder: string): Promise<void> {
    const running = this.#running.get(folder);
    if (running === undefined) return this.#start(folder);
    const waiting = this.#next.get(folder);
    if (waiting !== undefined) return waiting;
    // Whoever began before this call may have missed our entry, so that one is awaited and another begun.
    const next = running
      .catch(() => {})
      .then(() => {
        this.#next.delete(folder);
        return this.#start(folder);
      });
    this.#next.set(folder, next);
    return next;
  }

  #start(folder: string): Promise<void> {
    const done = syncFolder(folder).finally(() => {
      if (this.#running.get(folder) === done) this.#running.delete(folder);
    });
    this.#running.set(folder, done);
    return done;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folders of a vault, each durable in its parent before anything is stored in it. */
export class Folders {
  readonly #root: string;
  readonly #sync: FolderSync;
  readonly #known = new Map<string, Promise<void>>();

  constructor(root: string, sync: FolderSync) {
    this.#root = root;
    this.#sync = sync;
  }

  /**
   * `folder` is the root or lies below it. A folder that another process made is synced, too: it may not be durable
   * yet. Folders that we know and somebody removed are made again, once.
   */
  async ensure(folder: string): Promise<void> {
    try {
      await this.#ensure(folder);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      this.forget();
      await this.#ensure(folder);
    }
  }

  #ensure(folder: string): Promise<void> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const made = (folder === this.#root ? this.#ensureRoot() : this.#ensureBelow(folder)).catch((error: unknown) => {
      this.#known.delete(folder);
      throw error;
    });
    this.#known.set(folder, made);
    return made;
  }

  /** After something vanished under us: look at every folder anew. */
  forget(): void {
    this.#known.clear();
  }

  async #ensureBelow(folder: string): Promise<void> {
    const parent = dirname(folder);
    await this.#ensure(parent);
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await this.#sync.sync(parent);
  }

  async #ensureRoot(): Promise<void> {
    const first = await mkdir(this.#root, { recursive: true });
    if (first === undefined) return;
    // Every parent that gained an entry: from the one that holds the first new folder down to the root's own.
    for (let folder = dirname(first); folder !== this.#root; ) {
      await this.#sync.sync(folder);
      folder = join(folder, this.#root.slice(folder.length).split('/').filter(Boolean)[0] ?? '');
    }
  }
}
