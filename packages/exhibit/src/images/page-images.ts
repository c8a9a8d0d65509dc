import { type ParagraphStyle, PdfPaper } from '../pdf/pdf-paper.ts';
import { tiffPage } from './tiff-page.ts';

/** What review platforms expect of a Group 4 page. */
const DOTS_PER_INCH = 300;
const POINTS_PER_INCH = 72;

/** A document of paragraphs that begins on a page of its own. */
export type PageDocument = readonly { readonly text: string; readonly style?: ParagraphStyle }[];

/**
 * Pages of documents as images: A4, 300 dots an inch, black and white, one TIFF (Group 4) a page. Each page bears at its
 * foot what `foot` gives its place, counted over all documents from 0. One list of pages a document, in their order; the
 * same documents give the same bytes. Memory holds the coded pages: give documents in portions.
 */
export async function pageImages(
  documents: readonly PageDocument[],
  foot: (page: number) => string,
): Promise<readonly (readonly Uint8Array[])[]> {
  const paper = new PdfPaper({ title: '', date: new Date(0), digest: '', footSize: 10 });
  for (const [i, document] of documents.entries()) {
    if (i > 0) paper.newPage();
    for (const { text, style } of document) paper.paragraph(text, style);
  }
  const pages = await rasterised(await paper.finish((page) => [foot(page - 1)]));
  const starts = [0, ...paper.begun];
  return documents.map((_, i) => pages.slice(starts[i], starts[i + 1]));
}

async function rasterised(pdf: Uint8Array): Promise<Uint8Array[]> {
  const { PDFiumLibrary } = await import('@hyzyla/pdfium');
  // A new one each time: its memory only grows.
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    const pages: Uint8Array[] = [];
    for (const page of document.pages()) {
      const scale = DOTS_PER_INCH / POINTS_PER_INCH;
      const { width, height, data } = await page.render({ scale, render: 'bitmap', colorSpace: 'Gray' });
      pages.push(tiffPage({ width, height, pixels: data }, DOTS_PER_INCH));
    }
    document.destroy();
    return pages;
  } finally {
    library.destroy();
  }
}
