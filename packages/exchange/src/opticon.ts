import { batesNumber } from './bates-number.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import type { ExportFile, ExportFolder } from './export-folder.ts';
import { itemPage, MOST_PAGE_TEXT } from './item-page.ts';
import { bodyText } from './item-text.ts';
import { loadFileCells, loadFileColumns } from './load-file-columns.ts';
import { writeDictionary } from './load-file-dictionary.ts';
import { loadFileLine } from './load-file-line.ts';
import type { PageImages } from './page-images.ts';

/** Documents that are set at once, and the characters of text after which they are. */
const [PORTION, PORTION_TEXT] = [64, 200_000] as const;
const PAGES_A_FOLDER = 1000;
const VOLUME = 'VOL001';

/**
 * Concordance and Opticon load files with page images. Pages are numbered through, so that a document has the numbers of
 * its pages; the two files and the feet of the pages name the same.
 */
export const opticon: ExchangeFormat = {
  name: 'opt',
  standard: 'Concordance DAT and Opticon OPT load files with page images (TIFF, Group 4)',
  contains: ['dat'],
  async write(items, header, folder) {
    if (folder.pageImages === undefined) throw new TypeError('the folder was given nothing that makes page images');
    const [dat, opt] = [await folder.file('items.dat'), await folder.file('items.opt')];
    await dat.write(`\ufeff${loadFileLine(loadFileColumns.map(([name]) => name))}`);
    const made = new Production({ header, folder, opt, images: await folder.pageImages() });
    for await (const portion of portions(items)) await dat.write(await made.lines(portion));
    for (const file of [dat, opt]) await file.close();
    await writeDictionary(folder, true);
    return made.notes();
  },
};

interface Terms {
  readonly header: ExchangeHeader;
  readonly folder: ExportFolder;
  readonly opt: ExportFile;
  readonly images: PageImages;
}

/** Numbers pages, writes their images, and lists them. */
class Production {
  readonly #terms: Terms;
  #pages = 0;
  #cut = 0;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** Writes the pages of some items and returns their lines of the load file. */
  async lines(items: readonly ExchangeItem[]): Promise<string> {
    const before = this.#pages;
    const documents = items.map((one) => itemPage(one, this.#terms.header));
    const images = await this.#terms.images(documents, (page) => this.#number(before + page));
    const lines: string[] = [];
    for (const [i, one] of items.entries()) {
      const pages = images[i] ?? [];
      const first = this.#number(this.#pages);
      for (const [page, image] of pages.entries()) await this.#page(image, page === 0 ? pages.length : null);
      const last = this.#number(this.#pages - 1);
      lines.push(loadFileLine(loadFileCells(one, { first, last, pages: pages.length })));
      if ((bodyText(one)?.length ?? 0) > MOST_PAGE_TEXT) this.#cut++;
    }
    return lines.join('');
  }

  notes(): string[] {
    const cut = `${this.#cut} text(s) are longer than ${MOST_PAGE_TEXT} characters: their pages end there and say so, TEXT holds all`;
    return this.#cut === 0 ? [] : [cut];
  }

  async #page(image: Uint8Array, pages: number | null): Promise<void> {
    const number = this.#number(this.#pages);
    const path = ['images', String(Math.floor(this.#pages++ / PAGES_A_FOLDER) + 1).padStart(4, '0'), `${number}.tif`];
    const file = await this.#terms.folder.file(path.join('/'));
    await file.write(image);
    await file.close();
    const fields = [number, VOLUME, path.join('\\'), pages === null ? '' : 'Y', '', '', pages ?? ''];
    await this.#terms.opt.write(`${fields.join(',')}\r\n`);
  }

  #number(page: number): string {
    return batesNumber(this.#terms.header.exhibitRef, page + 1);
  }
}

async function* portions(items: AsyncIterable<ExchangeItem>): AsyncGenerator<ExchangeItem[]> {
  let portion: ExchangeItem[] = [];
  let text = 0;
  for await (const one of items) {
    portion.push(one);
    text += one.item.body?.length ?? 0;
    if (portion.length < PORTION && text < PORTION_TEXT) continue;
    yield portion;
    portion = [];
    text = 0;
  }
  if (portion.length > 0) yield portion;
}
