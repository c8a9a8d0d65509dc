import { createHash, type Hash, hash } from 'node:crypto';
import type { StatedFile } from './stated-file.ts';

/** Cells of a record by column; what is no text is its JSON. */
export type Cells = ReadonlyMap<string, string>;

const FLUSH = 64 * 1024;
const MOST_COLUMNS = 1000;

/** Hashes the cells of a file's records as its manifest does: column by column, and record by record. */
export class CellHashes {
  rows = 0;
  readonly records: string[] = [];
  /** Columns that the manifest does not name, and how many records have them. */
  readonly further: Map<string, number> = new Map();
  /** Of each stated column how many records have it. */
  readonly present: number[];
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #hashes: Hash[];
  readonly #waiting: string[];
  readonly #encoding: 'utf8' | 'latin1';
  readonly #each: number;
  #block = '';

  constructor(stated: StatedFile, encoding: 'utf8' | 'latin1') {
    this.#names = (stated.columns ?? []).map(({ name }) => name);
    this.#known = new Set(this.#names);
    this.#hashes = this.#names.map(() => createHash('sha256'));
    this.#waiting = this.#names.map(() => '');
    this.present = this.#names.map(() => 0);
    this.#encoding = encoding;
    this.#each = stated.records?.each ?? 0;
  }

  /** The next record; null for one that cannot be read as a record. */
  add(cells: Cells | null): void {
    this.rows++;
    let all = '';
    for (const [i, name] of this.#names.entries()) {
      const cell = cells?.get(name);
      if (cell !== undefined) this.present[i] = (this.present[i] as number) + 1;
      const line = `${cell ?? ''}\n`;
      all += line;
      const waiting = (this.#waiting[i] as string) + line;
      const isLong = waiting.length >= FLUSH;
      if (isLong) this.#hashes[i]?.update(waiting, this.#encoding);
      this.#waiting[i] = isLong ? '' : waiting;
    }
    for (const name of cells?.keys() ?? []) {
      if (this.#known.has(name) || (this.further.size === MOST_COLUMNS && !this.further.has(name))) continue;
      this.further.set(name, (this.further.get(name) ?? 0) + 1);
    }
    if (this.#each === 0) return;
    this.#block += all;
    if (this.rows % this.#each === 0) this.#endBlock();
  }

  /** The SHA-256 of each stated column, in hex. */
  finish(): string[] {
    if (this.#each > 0 && this.rows % this.#each !== 0) this.#endBlock();
    return this.#hashes.map((one, i) => one.update(this.#waiting[i] as string, this.#encoding).digest('hex'));
  }

  #endBlock(): void {
    const bytes = Buffer.from(this.#block, this.#encoding);
    this.records.push(hash('sha256', bytes, 'hex').slice(0, 16));
    this.#block = '';
  }
}
