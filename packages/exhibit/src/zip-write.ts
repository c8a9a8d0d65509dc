import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Content } from './content.ts';
import { usage } from './errors.ts';
import { zipChunks } from './zip-chunks.ts';

/** Bytes gathered before they are written. */
const BATCH = 4 * 1024 ** 2;

/**
 * Writes members sorted by name and uncompressed: the same exhibit gives the same bytes. Returns the SHA-256 of the file
 * as hex. Throws UsageError EXHIBIT_EXISTS: an existing file is not replaced.
 */
export async function writeZip(path: string, members: ReadonlyMap<string, Content>): Promise<string> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error);
  });
  try {
    const sink = new Sink(file);
    for (const chunk of zipChunks(members)) await sink.write(chunk);
    return await sink.finish();
  } catch (error) {
    // Only what was made here is taken away.
    await rm(path, { force: true });
    throw unwritable(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

class Sink {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #batch: Uint8Array[] = [];
  #waiting = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#batch.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting >= BATCH) await this.#flush();
  }

  async finish(): Promise<string> {
    await this.#flush();
    await this.#file.sync();
    return this.#hash.digest('hex');
  }

  async #flush(): Promise<void> {
    const all = Buffer.concat(this.#batch);
    this.#batch = [];
    this.#waiting = 0;
    for (let at = 0; at < all.length; ) at += (await this.#file.write(all, at)).bytesWritten;
  }
}

function unwritable(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EEXIST')
    return usage('EXHIBIT_EXISTS', `${path} exists already: an exhibit never replaces a file. Choose another --out`);
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return usage('EXHIBIT_UNWRITABLE', `${path}: the folder does not exist`);
  if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EISDIR')
    return usage('EXHIBIT_UNWRITABLE', `${path} cannot be written (${error.code}). Choose another --out`);
  return error;
}
