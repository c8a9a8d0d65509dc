import PDFDocument from 'pdfkit';
import { visibleText } from '../page/escape-text.ts';
import { PdfFonts } from './pdf-fonts.ts';
import { baseDirection, visualRuns } from './visual-runs.ts';

/** A4 in points, with margins. */
const [WIDTH, HEIGHT, MARGIN, FOOT] = [595.28, 841.89, 48, 64];
/** With a list of features the whole run is shaped at once: without, pdfkit sets word by word. */
const FEATURES = { features: [] as never[], lineBreak: false } as const;
/** A paragraph is cut at this many characters: the whole stands in exhibit.json. */
const MOST_CHARACTERS = 20_000;

export interface ParagraphStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly grey?: boolean;
  /** Points from the margin. */
  readonly indent?: number;
  readonly before?: number;
}

/** Paper that paragraphs in any script are set on, page after page, the same bytes for the same words. */
export class PdfPaper {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: PdfFonts;
  readonly #chunks: Uint8Array[] = [];
  readonly #done: Promise<void>;
  readonly #texts: string[] = [];
  readonly #work: (() => void)[] = [];
  #y = MARGIN;

  constructor(info: { readonly title: string; readonly date: Date; readonly digest: string }) {
    const { title, date, digest } = info;
    const words = { Title: title, Producer: 'custody', Creator: 'custody', Keywords: digest };
    this.#doc = new PDFDocument({
      ...{ size: 'A4', margin: 0, bufferPages: true, pdfVersion: '1.7', lang: 'und', compress: true },
      info: { ...words, CreationDate: date, ModDate: date },
    });
    this.#fonts = new PdfFonts(this.#doc);
    this.#doc.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.#done = new Promise((resolve, reject) => this.#doc.on('end', resolve).on('error', reject));
  }

  paragraph(text: string, style: ParagraphStyle = {}): void {
    const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
    const shown = visibleText(cut.replaceAll('\t', '    '));
    this.#texts.push(shown);
    this.#work.push(() => this.#setParagraph(shown, style));
  }

  rule(): void {
    this.#work.push(() => {
      this.#room(8);
      this.#doc
        .moveTo(MARGIN, this.#y + 4)
        .lineTo(WIDTH - MARGIN, this.#y + 4)
        .lineWidth(0.4)
        .stroke('#888');
      this.#y += 8;
    });
  }

  newPage(): void {
    this.#work.push(() => this.#turn());
  }

  /** Sets everything, then the foot of every page, and closes the file. */
  async finish(foot: (page: number, of: number) => readonly string[]): Promise<Uint8Array> {
    await this.#fonts.prepare([...this.#texts, ...foot(0, 0)]);
    for (const step of this.#work) step();
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.#doc.switchToPage(page);
      foot(page + 1, count).forEach((line, i) => {
        this.#y = HEIGHT - FOOT + 16 + i * 10;
        this.#draw(visibleText(line), 'ltr', { size: 6.5, grey: true });
      });
    }
    this.#doc.end();
    await this.#done;
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  #setParagraph(text: string, style: ParagraphStyle): void {
    this.#y += style.before ?? 2;
    for (const part of text.split('\n')) {
      const base = baseDirection(part);
      for (const line of this.#lines(part, WIDTH - 2 * MARGIN - (style.indent ?? 0), style))
        this.#set(line, base, style);
    }
  }

  #turn(): void {
    this.#doc.addPage();
    this.#y = MARGIN;
  }

  #set(line: string, base: 'ltr' | 'rtl', style: ParagraphStyle): void {
    const height = (style.size ?? 9) * 1.35;
    this.#room(height);
    this.#draw(line, base, style);
    this.#y += height;
  }

  #draw(line: string, base: 'ltr' | 'rtl', style: ParagraphStyle): void {
    const runs = visualRuns(line, base, (codePoint) => this.#fonts.fontOf(codePoint, style.bold === true));
    const left = MARGIN + (style.indent ?? 0);
    let x = base === 'ltr' ? left : WIDTH - MARGIN - runs.reduce((sum, run) => sum + this.#width(run, style), 0);
    this.#doc.fillColor(style.grey === true ? '#555' : '#111');
    for (const run of runs) {
      const width = this.#width(run, style);
      // Of a variable font the PDF writer has the thinnest weight: its strokes are made wider.
      const isThin = run.font.startsWith('noto-sans-sc');
      if (isThin) this.#doc.lineWidth(0.35).strokeColor(style.grey === true ? '#555' : '#111');
      this.#doc.text(run.text, x, this.#y, {
        ...FEATURES,
        baseline: 'top',
        ...(isThin && { fill: true, stroke: true }),
      });
      x += width;
    }
  }

  #width({ text, font }: { readonly text: string; readonly font: string }, { size = 9 }: ParagraphStyle): number {
    return this.#doc.font(font).fontSize(size).widthOfString(text, FEATURES);
  }

  #room(height: number): void {
    if (this.#y + height > HEIGHT - FOOT) this.#turn();
  }

  /** Lines of a paragraph: broken at spaces, and within what is wider than a line, as Chinese and hashes are. */
  #lines(text: string, width: number, style: ParagraphStyle): string[] {
    const lines: string[] = [];
    let line = '';
    let used = 0;
    for (const [word] of text.matchAll(
      /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu,
    )) {
      for (const part of this.#parts(word, width, style)) {
        const length = this.#measure(part, style);
        if (line !== '' && used + length > width) {
          lines.push(line.trimEnd());
          line = '';
          used = 0;
        }
        if (line === '' && part.trim() === '' && lines.length > 0) continue;
        line += part;
        used += length;
      }
    }
    return [...lines, line.trimEnd()];
  }

  #parts(word: string, width: number, style: ParagraphStyle): string[] {
    if (this.#measure(word, style) <= width) return [word];
    const parts: string[] = [];
    let part = '';
    for (const char of word) {
      if (this.#measure(part + char, style) > width && part !== '') {
        parts.push(part);
        part = '';
      }
      part += char;
    }
    return [...parts, part];
  }

  #measure(text: string, style: ParagraphStyle): number {
    const fontOf = (codePoint: number) => this.#fonts.fontOf(codePoint, style.bold === true);
    return visualRuns(text, 'ltr', fontOf).reduce((sum, run) => sum + this.#width(run, style), 0);
  }
}
