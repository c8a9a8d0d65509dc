import type { ByteSource } from '../byte-source.ts';
import { plainBytes } from './file-pages.ts';
import type { Origin, PageFault, PageSource } from './page-source.ts';
import type { WalIndex } from './wal.ts';

/** A database as it is with its write-ahead log applied: the newest committed bytes of each page. */
export class WalPages implements PageSource {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly #main: PageSource;
  readonly #source: ByteSource;
  readonly #wal: WalIndex;

  constructor(main: PageSource, source: ByteSource, wal: WalIndex) {
    this.pageSize = main.pageSize;
    this.pageCount = Math.max(main.pageCount, wal.pageCount);
    this.#main = main;
    this.#source = source;
    this.#wal = wal;
  }

  read(page: number): Uint8Array | PageFault {
    const place = this.#wal.pages.get(page);
    if (place === undefined) return this.#main.read(page);
    const bytes = this.#source.read(place, this.pageSize);
    if (bytes.length !== this.pageSize) return { fault: `page ${page} could not be read whole from the log` };
    return plainBytes(bytes);
  }

  offsetOf(page: number): number {
    return this.#wal.pages.get(page) ?? this.#main.offsetOf(page);
  }

  originOf(page: number): Origin {
    return this.#wal.pages.has(page) ? 'wal' : 'main';
  }
}
