import fc from 'fast-check';
import UTIF from 'utif2';
import { describe, expect, it } from 'vitest';
import { encodeGroup4 } from './group-4.ts';
import { pageImages } from './page-images.ts';
import { tiffPage } from './tiff-page.ts';

/** Grey bytes of a TIFF as a reader that is not ours sees it. */
function decoded(file: Uint8Array): { width: number; height: number; grey: Uint8Array } {
  const bytes = Buffer.from(file);
  const [directory] = UTIF.decode(bytes);
  if (directory === undefined) throw new Error('no page');
  UTIF.decodeImage(bytes, directory);
  const rgba = UTIF.toRGBA8(directory);
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++) grey[i] = rgba[i * 4] as number;
  return { width: directory.width, height: directory.height, grey };
}

/** Rows of runs, black and white in turn: what the codes are about. */
const rows = (width: number) =>
  fc.array(fc.array(fc.oneof(fc.nat(5), fc.nat(70), fc.nat(width)), { maxLength: 12 }), { minLength: 1, maxLength: 8 });

function pixelsOf(lines: readonly (readonly number[])[], width: number): Uint8Array {
  const pixels = new Uint8Array(width * lines.length).fill(255);
  for (const [y, runs] of lines.entries()) {
    let x = 0;
    for (const [i, run] of runs.entries()) {
      if (i % 2 === 1) pixels.fill(0, y * width + Math.min(x, width), y * width + Math.min(x + run, width));
      x += run;
    }
  }
  return pixels;
}

describe('a page as TIFF of Group 4', () => {
  it('is read back pixel for pixel by another reader', () => {
    for (const width of [1, 8, 33, 2700, 6000])
      fc.assert(
        fc.property(rows(width), (lines) => {
          const pixels = pixelsOf(lines, width);
          const read = decoded(tiffPage({ width, height: lines.length, pixels }, 300));
          expect([read.width, read.height]).toEqual([width, lines.length]);
          expect(Buffer.compare(read.grey, pixels)).toBe(0);
        }),
        { numRuns: 40, seed: 7 },
      );
  });

  it('has two ends of line after a white line', () => {
    expect([...encodeGroup4({ width: 4, height: 1, pixels: new Uint8Array(4).fill(255) })]).toEqual([
      0b1000_0000, 0b0000_1000, 0b0000_0000, 0b1000_0000,
    ]);
  });
});

describe('images of pages', () => {
  const documents = [
    [{ text: 'one', style: { size: 11 } }],
    [{ text: 'long '.repeat(2000) }],
    [{ text: 'مرحبا 明天 👍' }],
  ];

  it('are the same bytes again, a list a document, with ink where there is text', async () => {
    const asked: number[] = [];
    const foot = (page: number) => {
      asked.push(page);
      return `JD${page}`;
    };
    const made = await pageImages(documents, foot);
    expect(made.map((pages) => pages.length)).toEqual([1, 2, 1]);
    expect(asked.slice(-4)).toEqual([0, 1, 2, 3]);
    const again = await pageImages(documents, foot);
    expect(made.flat().map((page, i) => Buffer.compare(page, again.flat()[i] as Uint8Array))).toEqual([0, 0, 0, 0]);
    const { width, height, grey } = decoded(made[0]?.[0] as Uint8Array);
    expect([width, height]).toEqual([2479, 3504]);
    const ink = (from: number, to: number) => grey.slice(from * width, to * width).filter((one) => one === 0).length;
    expect(ink(200, 300)).toBeGreaterThan(100);
    expect(ink(300, 3000)).toBe(0);
    expect(ink(3200, 3504)).toBeGreaterThan(100);
  });
});
