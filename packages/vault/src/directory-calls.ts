import {
  closeSync,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { link, lstat, open, unlink } from 'node:fs/promises';

/** What is asked of an open file. */
export interface StoreFile {
  read(into: Uint8Array, at: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  write(bytes: Uint8Array, at: number, length: number): Promise<{ readonly bytesWritten: number }>;
  stat(): Promise<Stats>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The system calls that storing and reading an object take. */
export interface FileCalls {
  open(path: string, flags: number, mode?: number): Promise<StoreFile>;
  lstat(path: string): Promise<Stats>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** By Node's pool of threads: the calling thread never waits. */
export const pooledCalls: FileCalls = { open, lstat, link, unlink };

/**
 * In the calling thread, but for fsync: a call takes a few microseconds, handing it to another thread and back several
 * times that. For threads that nobody else waits for.
 */
export const blockingCalls: FileCalls = {
  open: async (path, flags, mode) => new BlockingFile(openSync(path, flags, mode)),
  lstat: async (path) => lstatSync(path),
  link: async (from, to) => linkSync(from, to),
  unlink: async (path) => unlinkSync(path),
};

class BlockingFile implements StoreFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async read(into: Uint8Array, at: number, length: number, position: number): Promise<{ bytesRead: number }> {
    return { bytesRead: readSync(this.#fd, into, at, length, position) };
  }

  async write(bytes: Uint8Array, at: number, length: number): Promise<{ bytesWritten: number }> {
    return { bytesWritten: writeSync(this.#fd, bytes, at, length) };
  }

  async stat(): Promise<Stats> {
    return fstatSync(this.#fd);
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => fsync(this.#fd, (error) => (error === null ? resolve() : reject(error))));
  }

  async close(): Promise<void> {
    closeSync(this.#fd);
  }
}
