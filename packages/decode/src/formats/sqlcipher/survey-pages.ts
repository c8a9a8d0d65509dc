import { CustodyError } from '@custody/bytes';
import type { CaptureFile, DecodeContext } from '../../format.ts';
import { FilePages } from '../../sqlite/file-pages.ts';
import { readHeader } from '../../sqlite/header.ts';
import { isFault, type PageSource } from '../../sqlite/page-source.ts';
import { readWal, type WalReport } from '../../sqlite/wal.ts';
import { WalPages } from '../../sqlite/wal-pages.ts';
import { isZero } from './cipher-pages.ts';
import type { PageCipher } from './page-cipher.ts';

/** Encrypted pages, with the write-ahead log applied where one is beside the file. */
export interface SealedPages {
  readonly pages: PageSource;
  /** Pages that the database says it has after the last commit in the log; 0 without one. */
  readonly walPages: number;
  readonly wal: WalReport | null;
}

/** Frames of a log hold encrypted pages; their checksums cover the ciphertext, so that they are checked without a key. */
export function sealedPages(file: CaptureFile, pageSize: number): SealedPages {
  const main = new FilePages(file.source, pageSize, 0);
  const source = file.beside?.(`${file.name.slice(file.name.lastIndexOf('/') + 1)}-wal`) ?? null;
  if (source === null || source.length === 0) return { pages: main, walPages: 0, wal: null };
  const index = readWal(source);
  if (index.pages.size === 0) return { pages: main, walPages: 0, wal: index.report };
  if (index.pageSize !== pageSize) {
    const refused = `its pages have ${index.pageSize} bytes, those of the database ${pageSize}`;
    return { pages: main, walPages: 0, wal: { ...index.report, refused } };
  }
  return { pages: new WalPages(main, source, index), walPages: index.pageCount, wal: index.report };
}

/** What one look at every page showed. */
export interface Survey {
  /** Pages whose HMAC is wrong, ascending; none where pages carry no HMAC. */
  readonly bad: Uint32Array;
  /** Of those, the ones that are all zeros. */
  readonly zeros: ReadonlySet<number>;
  readonly authentic: number;
  /** Pages that the header promises; 0 where it cannot be read. */
  readonly declaredPages: number;
}

const PROGRESS_PAGES = 4096;

/** Authenticates every page once, also those that no table leads to. */
export function surveyPages(pages: PageSource, cipher: PageCipher, progress: DecodeContext['progress']): Survey {
  const bad: number[] = [];
  const zeros = new Set<number>();
  let authentic = 0;
  const hasMac = cipher.settings.hmac !== null;
  for (let page = 1; hasMac && page <= pages.pageCount; page++) {
    if (page % PROGRESS_PAGES === 0) progress?.(page * pages.pageSize, pages.pageCount * pages.pageSize);
    const sealed = pages.read(page);
    if (isFault(sealed)) continue;
    if (cipher.isAuthentic(page, sealed)) authentic++;
    else {
      bad.push(page);
      if (isZero(sealed)) zeros.add(page);
    }
  }
  const declaredPages = bad[0] === 1 ? 0 : declaredBy(pages, cipher);
  return { bad: Uint32Array.from(bad), zeros, authentic, declaredPages };
}

function declaredBy(pages: PageSource, cipher: PageCipher): number {
  const sealed = pages.read(1);
  if (isFault(sealed)) return 0;
  try {
    // Whoever wrote the header chose this number: it costs no memory, pages beyond the file are faults.
    return readHeader(cipher.decrypt(1, sealed)).declaredPages;
  } catch (error) {
    if (error instanceof CustodyError) return 0;
    throw error;
  }
}
