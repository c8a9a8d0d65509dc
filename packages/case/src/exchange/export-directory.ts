import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex, utf8Encode } from '@custody/bytes';
import type { ExportFile, ExportFolder, PageImages } from '@custody/exchange';
import { usage } from '../errors.ts';

/** Characters gathered before a write: exporters write line by line. */
const GATHERED = 256 * 1024;
const SUMS = 'manifest-sha256.txt';

/**
 * A folder that appears under its name only when it is complete and `release` is called: until then it stands beside it
 * with `.partial`. Nothing is replaced.
 */
export class ExportDirectory implements ExportFolder {
  readonly #out: string;
  readonly #partial: string;
  readonly #sums = new Map<string, string>();

  private constructor(out: string) {
    this.#out = out;
    this.#partial = `${out}.partial`;
  }

  /** Throws UsageError EXPORT_EXISTS, EXPORT_UNWRITABLE. */
  static async create(out: string): Promise<ExportDirectory> {
    const directory = new ExportDirectory(out.replace(/\/+$/, ''));
    if ((await stat(directory.#out).catch(() => null)) !== null)
      throw usage('EXPORT_EXISTS', `${out} exists already: an export never replaces anything. Choose another --out`);
    try {
      await mkdir(directory.#partial, { mode: 0o700 });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') {
        const why = 'an export to this place is running or was interrupted; delete it if none is running';
        throw usage('EXPORT_EXISTS', `${directory.#partial} exists: ${why}`);
      }
      throw usage('EXPORT_UNWRITABLE', `${out} cannot be made (${code ?? 'unknown'}). Choose another --out`);
    }
    return directory;
  }

  /** Names written so far. */
  get names(): readonly string[] {
    return [...this.#sums.keys()];
  }

  async file(name: string): Promise<ExportFile> {
    const path = join(this.#partial, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(path, 'wx', 0o600);
    const hash = createHash('sha256');
    let gathered = '';
    const put = async (bytes: Uint8Array): Promise<void> => {
      hash.update(bytes);
      await handle.writeFile(bytes);
    };
    const flush = async (): Promise<void> => {
      if (gathered !== '') await put(utf8Encode(gathered.toWellFormed()));
      gathered = '';
    };
    return {
      write: async (chunk) => {
        if (typeof chunk === 'string') {
          gathered += chunk;
          if (gathered.length >= GATHERED) await flush();
          return;
        }
        await flush();
        await put(chunk);
      },
      close: async () => {
        await flush();
        await handle.sync();
        await handle.close();
        this.#sums.set(name, hash.digest('hex'));
      },
    };
  }

  async pageImages(): Promise<PageImages> {
    return (await import('@custody/exhibit/pdf')).pageImages;
  }

  /** Writes the list of sums (`sha256sum -c`) and returns its SHA-256, which stands for the whole export. */
  async seal(): Promise<string> {
    const text = [...this.#sums.keys()].sort().map((name) => `${this.#sums.get(name)}  ${name}\n`);
    const bytes = utf8Encode(text.join(''));
    const file = await this.file(SUMS);
    await file.write(bytes);
    await file.close();
    return sha256Hex(bytes);
  }

  /** From here on the export is there for others. */
  async release(): Promise<void> {
    await rename(this.#partial, this.#out);
  }

  async discard(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }
}
