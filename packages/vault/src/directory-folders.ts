import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Syncs } from './directory-sync.ts';
import { errnoOf } from './store-error.ts';

/** Makes the folders of a vault, each durable in its parent before anything is stored in it. */
export class Folders {
  readonly #root: string;
  readonly #syncs: Syncs;
  readonly #known = new Map<string, Promise<void>>();

  constructor(root: string, syncs: Syncs) {
    this.#root = root;
    this.#syncs = syncs;
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
    await this.#syncs.folder(parent);
  }

  async #ensureRoot(): Promise<void> {
    const first = await mkdir(this.#root, { recursive: true });
    if (first === undefined) return;
    // Every parent that gained an entry: from the one that holds the first new folder down to the root's own.
    for (let folder = dirname(first); folder !== this.#root; ) {
      await this.#syncs.folder(folder);
      folder = join(folder, this.#root.slice(folder.length).split('/').filter(Boolean)[0] ?? '');
    }
  }
}
