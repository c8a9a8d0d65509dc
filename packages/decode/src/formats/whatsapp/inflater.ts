import { createGunzip, createInflate, createInflateRaw, type Gunzip, type Inflate, type InflateRaw } from 'node:zlib';

const OUTPUT_CHUNK = 256 * 1024;
const STREAMS = { zlib: createInflate, raw: createInflateRaw, gzip: createGunzip };

/** How an inflation ended: `complete` at the end mark with the check value right. */
export type InflateEnd = 'complete' | 'short' | 'corrupt' | 'stopped';

/**
 * Inflates piece by piece: `write` resolves when what it gave has left through `onOutput`, so that never more than
 * one input piece and one output chunk wait in memory. `onOutput` returns false to stop (a limit).
 */
export class Inflater {
  readonly #stream: Inflate | InflateRaw | Gunzip;
  readonly #closed: Promise<void>;
  #end: InflateEnd | null = null;

  constructor(kind: 'zlib' | 'raw' | 'gzip', onOutput: (bytes: Uint8Array) => boolean) {
    this.#stream = STREAMS[kind]({ chunkSize: OUTPUT_CHUNK });
    this.#closed = new Promise((resolve) => this.#stream.on('close', resolve));
    this.#stream.on('data', (bytes: Uint8Array) => {
      if (this.#end !== null || onOutput(bytes)) return;
      this.#end = 'stopped';
      this.#stream.destroy();
    });
    this.#stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#end ??= error.code === 'Z_BUF_ERROR' ? 'short' : 'corrupt';
    });
  }

  /** Null while it goes on. */
  get ended(): InflateEnd | null {
    return this.#end;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#end !== null) return;
    // A write that meets an error is never called back; the stream closes instead.
    await Promise.race([this.#closed, new Promise<void>((resolve) => this.#stream.write(bytes, () => resolve()))]);
  }

  /** No more input. Resolves when all output is out. */
  async end(): Promise<InflateEnd> {
    if (this.#end !== null) return this.#end;
    this.#stream.end();
    await this.#closed;
    this.#end ??= 'complete';
    return this.#end;
  }

  destroy(): void {
    this.#end ??= 'stopped';
    this.#stream.destroy();
  }
}
