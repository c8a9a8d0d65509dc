import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, programPath, startProgram, stopProgram, untilReady } from '../../../test/services/process.ts';
import { serviceFolder } from '../../../test/services/service-folder.ts';

/** A Redis that a test may kill and start again on the same port, with its file or without. */
export class OwnRedis {
  readonly folder: string;
  readonly port: number;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(folder: string, port: number, args: readonly string[]) {
    this.folder = folder;
    this.port = port;
    this.#args = args;
  }

  /** `args` gets the folder, where the server may read what a test put there. */
  static async create(args: readonly string[] = []): Promise<OwnRedis> {
    return new OwnRedis(await serviceFolder('redis'), await freePort(), args);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(more: readonly string[] = []): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const args = [...where, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '', ...this.#args, ...more];
    const log = join(this.folder, 'redis.out');
    this.#child = startProgram({ file: programPath('redis-server') ?? 'redis-server', args, log });
    await untilReady(this.#child, log, () => listens(this.port));
  }

  /** At once, as a power failure would. */
  async kill(): Promise<void> {
    if (this.#child !== null) await stopProgram(this.#child);
  }

  /** Its file is gone: the next start begins empty. */
  async forget(): Promise<void> {
    await rm(join(this.folder, 'appendonlydir'), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
