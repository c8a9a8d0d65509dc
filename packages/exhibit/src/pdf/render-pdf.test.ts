import { describe, expect, it } from 'vitest';
import { syntheticExhibit } from '../../../../test/synthetic-exhibit.ts';
import { PdfPaper } from './pdf-paper.ts';
import { renderPdf } from './render-pdf.ts';
import { baseDirection, visualRuns } from './visual-runs.ts';

const { document } = syntheticExhibit([
  'مرحبا، الموعد غداً الساعة 10:30 عند الجسر (القديم)',
  'שלום ) Tj ET BT /F1 12 Tf (owned) Tj \u202eabc \u001b[31m',
  '明天下午三点在桥边见面。 Привет ёж ❤️👍😂🙏🚗 € …',
]);

describe('the PDF of an exhibit', () => {
  it('is the same bytes for the same document, and says which document it shows', async () => {
    const first = await renderPdf(document);
    expect(Buffer.compare(first, await renderPdf({ ...document, pdf: 'ab'.repeat(32) }))).toBe(0);
    const text = Buffer.from(first).toString('latin1');
    expect(text.slice(0, 8)).toBe('%PDF-1.7');
    expect(text).toMatch(/exhibit [0-9a-f]{64}/);
    expect(text).toContain('/FontFile2');
    expect(Buffer.compare(first, await renderPdf({ ...document, producer: 'Another' }))).not.toBe(0);
  });

  it('has no word of the evidence outside its compressed streams', async () => {
    const text = Buffer.from(await renderPdf(document)).toString('latin1');
    expect(text).not.toContain('owned');
    expect(text).not.toContain('\u001b[31m');
  });
});

describe('paper', () => {
  it('has a font for each script that the extractor reads, and for emoji', async () => {
    const paper = new PdfPaper({ title: 'T', date: new Date(0), digest: 'd' });
    paper.paragraph('Latin Ελληνικά Русский עברית عربي हिन्दी ไทย 한국어 日本語 かな 👍');
    const text = Buffer.from(await paper.finish(() => [])).toString('latin1');
    const fonts = [...text.matchAll(/\/BaseFont \/[A-Z]{6}\+(\S+)/g)].map((match) => match[1]);
    for (const name of ['DejaVuSans', 'NotoEmoji', 'NotoSansDevanagari', 'NotoSansThai', 'NotoSansKR', 'NotoSansSC'])
      expect(fonts).toContainEqual(expect.stringMatching(new RegExp(`^${name}`)));
  });

  it('of many pages tells each its number and how many there are, and writes every one', async () => {
    const paper = new PdfPaper({ title: 'T', date: new Date(0), digest: 'd' });
    for (let i = 0; i < 400; i++) paper.paragraph(`paragraph ${i} مرحبا`);
    paper.rule();
    paper.newPage();
    paper.paragraph('the last');
    const asked: [number, number][] = [];
    const bytes = await paper.finish((page, of) => {
      asked.push([page, of]);
      return [`page ${page} of ${of}`];
    });
    const pages = asked.slice(1);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages).toEqual(pages.map((_, i) => [i + 1, pages.length]));
    expect(Buffer.from(bytes).toString('latin1')).toContain(`/Count ${pages.length}`);
  });
});

describe('a line of text', () => {
  const oneFont = () => 'F';

  it('from left to right is one run', () => {
    expect(visualRuns('see you at 9', 'ltr', oneFont)).toEqual([{ text: 'see you at 9', font: 'F' }]);
  });

  it('from right to left has its numbers from left to right, and its brackets mirrored', () => {
    expect(baseDirection('שלום')).toBe('rtl');
    const runs = visualRuns('אב (12) גד', 'rtl', oneFont).map(({ text }) => text);
    expect(runs).toContain('12');
    expect(runs.indexOf('12')).toBeGreaterThan(0);
    expect(runs.join('')).toMatch(/\)?12/);
  });

  it('keeps joined emoji in one font', () => {
    const fontOf = (codePoint: number) => (codePoint > 0xffff ? 'E' : 'F');
    expect(visualRuns('a👩‍👩‍👧b', 'ltr', fontOf).map(({ font }) => font)).toEqual(['F', 'E', 'F']);
  });
});
