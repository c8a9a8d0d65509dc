import type { ExportFolder } from './export-folder.ts';
import { loadFileColumns } from './load-file-columns.ts';

const ENCODING = `items.dat          Concordance load file: UTF-8 with byte order mark, lines end in CR LF, the first names the columns.
                   Between fields U+0014, around each U+00FE, a line break inside one U+00AE. A value that holds one of
                   these has it named instead: [U+0014], [U+00FE], [U+00AE].`;
const IMAGES = `items.opt          Opticon: one line a page, without a header: number, volume, path, Y on the first page of a document,
                   two empty fields (folder break, box break), number of pages (on the first page). Paths are below this
                   folder, with \\ between names.
images\\NNNN\\      page images: TIFF 6.0, one page each, ITU-T T.6 (Group 4), A4 at 300 dots an inch, black and white.
                   The number stands at the foot of each page and is the file's name. The images are set from the values
                   of the load file: withheld values are in neither. Attachments are named on the page, not pictured.`;

/** `DATA-DICTIONARY.txt`: there is no schema for load files, so that the export says what it means by each column. */
export async function writeDictionary(folder: ExportFolder, hasImages: boolean): Promise<void> {
  const columns = loadFileColumns.map(([name, meaning]) => `${name.padEnd(18)} ${meaning}`);
  const file = await folder.file('DATA-DICTIONARY.txt');
  await file.write(`${[ENCODING, ...(hasImages ? [IMAGES] : []), '', ...columns].join('\n')}\n`);
  await file.close();
}
