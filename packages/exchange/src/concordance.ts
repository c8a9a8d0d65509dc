import { batesNumber } from './bates-number.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import { loadFileCells, loadFileColumns } from './load-file-columns.ts';
import { writeDictionary } from './load-file-dictionary.ts';
import { loadFileLine } from './load-file-line.ts';

/** Concordance load file (UTF-8 with byte order mark). Each item is a document of one number; its text stands in TEXT. */
export const concordance: ExchangeFormat = {
  name: 'dat',
  standard: 'Concordance DAT load file, UTF-8, without page images',
  async write(items, header, folder) {
    const file = await folder.file('items.dat');
    await file.write(`\ufeff${loadFileLine(loadFileColumns.map(([name]) => name))}`);
    let number = 0;
    for await (const one of items) {
      const bates = batesNumber(header.exhibitRef, ++number);
      await file.write(loadFileLine(loadFileCells(one, { first: bates, last: bates, pages: null })));
    }
    await file.close();
    await writeDictionary(folder, false);
    return ['no page images: --opt makes them, with their OPT and a DAT of the same numbers'];
  },
};
