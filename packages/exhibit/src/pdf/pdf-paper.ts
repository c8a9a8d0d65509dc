import { concatBytes } from '@custody/bytes';
import PDFDocument from 'pdfkit';
import { visibleText } from '../page/escape-text.ts';
import { isVariable, PdfFonts } from './pdf-fonts.ts';
import { baseDirection, isPlainLatin, visualRuns } from './visual-runs.ts';

/** A4 in points, with margins. */
const [WIDTH, HEIGHT, MARGIN, FOOT] = [595.28, 841.89, 48, 64];
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

/** What is to be set, in order: a paragraph, a rule across the page, the end of a page. */
type Step = { readonly text: string; readonly style: ParagraphStyle } | 'rule' | 'page';

/** A line in its place on a page; a rule where there is no text. */
interface PlacedLine {
  readonly y: number;
  readonly text: string | null;
  readonly base: 'ltr' | 'rtl';
  readonly style: ParagraphStyle;
}

/** Widths of words kept: the same ones come again and again. */
const MOST_WIDTHS = 50_000;
/** Pages after which the PDF writer's own memory of words is emptied. */
const FORGET_AFTER = 32;

/** Paper that paragraphs in any script are set on, page after page, the same bytes for the same words. */
export class PdfPaper {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: PdfFonts;
  readonly #chunks: Uint8Array[] = [];
  readonly #done: Promise<void>;
  readonly #steps: Step[] = [];
  readonly #widths = new Map<string, number>();
  readonly #footSize: number;
  /** Places of the pages that `newPage` began, from 0; known once the pages are laid out. */
  readonly #begun: number[] = [];

  constructor(info: {
    readonly title: string;
    readonly date: Date;
    readonly digest: string;
    /** Size of the lines at the foot; default 6.5 points. */
    readonly footSize?: number;
  }) {
    const { title, date, digest, footSize = 6.5 } = info;
    this.#footSize = footSize;
    const words = { Title: title, Producer: 'custody', Creator: 'custody', Keywords: digest };
    this.#doc = new PDFDocument({
      ...{ size: 'A4', margin: 0, autoFirstPage: false, pdfVersion: '1.7', lang: 'und', compress: true },
      info: { ...words, CreationDate: date, ModDate: date },
    });
    this.#fonts = new PdfFonts(this.#doc);
    this.#doc.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.#done = new Promise((resolve, reject) => this.#doc.on('end', resolve).on('error', reject));
  }

  paragraph(text: string, style: ParagraphStyle = {}): void {
    const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
    this.#steps.push({ text: visibleText(cut.replaceAll('\t', '    ')), style });
  }

  rule(): void {
    this.#steps.push('rule');
  }

  newPage(): void {
    this.#steps.push('page');
  }

  /** Places of the pages that `newPage` began, the first page being 0; to be asked after `finish`. */
  get begun(): readonly number[] {
    return this.#begun;
  }

  /**
   * Sets everything in two passes, so that each page knows how many there are and is written when it is full, then closes
   * the file.
   */
  async finish(foot: (page: number, of: number) => readonly string[]): Promise<Uint8Array> {
    await this.#fonts.prepare(this.#texts(foot(0, 0)));
    const pages = this.#layOut();
    for (const [i, lines] of pages.entries()) {
      this.#doc.addPage();
      for (const line of lines) this.#setLine(line);
      foot(i + 1, pages.length).forEach((text, n) => {
        const y = HEIGHT - FOOT + 16 + n * 10;
        this.#setLine({ y, text: visibleText(text), base: 'ltr', style: { size: this.#footSize, grey: true } });
      });
      if (i % FORGET_AFTER === FORGET_AFTER - 1) forgetWords(this.#doc);
    }
    this.#doc.end();
    await this.#done;
    return concatBytes(this.#chunks);
  }

  *#texts(foot: readonly string[]): Generator<string> {
    yield* foot;
    for (const step of this.#steps) if (typeof step !== 'string') yield step.text;
  }

  #layOut(): PlacedLine[][] {
    const pages: PlacedLine[][] = [[]];
    let y: number = MARGIN;
    const place = (height: number, line: Omit<PlacedLine, 'y'>, lead = 0) => {
      if (y + height > HEIGHT - FOOT) {
        pages.push([]);
        y = MARGIN;
      }
      pages.at(-1)?.push({ ...line, y: y + lead });
      y += height;
    };
    for (const step of this.#steps) {
      if (step === 'rule') place(8, { text: null, base: 'ltr', style: {} }, 4);
      else if (step === 'page') {
        this.#begun.push(pages.length);
        pages.push([]);
        y = MARGIN;
      } else {
        const { text, style } = step;
        y += style.before ?? 2;
        for (const part of text.split('\n')) {
          const base = baseDirection(part);
          for (const line of this.#lines(part, WIDTH - 2 * MARGIN - (style.indent ?? 0), style))
            place((style.size ?? 9) * 1.35, { text: line, base, style });
        }
      }
    }
    return pages;
  }

  #setLine({ y, text, base, style }: PlacedLine): void {
    if (text === null) {
      this.#doc
        .moveTo(MARGIN, y)
        .lineTo(WIDTH - MARGIN, y)
        .lineWidth(0.4)
        .stroke('#888');
      return;
    }
    const runs = visualRuns(text, base, (codePoint) => this.#fonts.fontOf(codePoint, style.bold === true));
    const left = MARGIN + (style.indent ?? 0);
    let x = base === 'ltr' ? left : WIDTH - MARGIN - runs.reduce((sum, run) => sum + this.#width(run, style), 0);
    this.#doc.fillColor(style.grey === true ? '#555' : '#111');
    for (const run of runs) {
      const width = this.#width(run, style);
      // Of a variable font the PDF writer has the thinnest weight: its strokes are made wider.
      const isThin = isVariable(run.font);
      if (isThin) this.#doc.lineWidth(0.35).strokeColor(style.grey === true ? '#555' : '#111');
      this.#doc.text(run.text, x, y, {
        ...shapingOf(run.text),
        ...{ lineBreak: false, baseline: 'top' as const },
        ...(isThin && { fill: true, stroke: true }),
      });
      x += width;
    }
  }

  #width({ text, font }: { readonly text: string; readonly font: string }, { size = 9 }: ParagraphStyle): number {
    return this.#doc.font(font).fontSize(size).widthOfString(text, shapingOf(text));
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
    const key = `${style.bold === true ? 'b' : ''}${style.size ?? 9} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const fontOf = (codePoint: number) => this.#fonts.fontOf(codePoint, style.bold === true);
    const width = visualRuns(text, 'ltr', fontOf).reduce((sum, run) => sum + this.#width(run, style), 0);
    if (this.#widths.size >= MOST_WIDTHS) this.#widths.clear();
    this.#widths.set(key, width);
    return width;
  }
}

/** A run in another script is shaped whole; without a list of features the writer sets word by word, and remembers words. */
function shapingOf(text: string): { readonly features?: never[] } {
  return isPlainLatin(text) ? {} : { features: [] };
}

/** The PDF writer remembers every word that it has shaped, and a long exhibit has many. */
function forgetWords(doc: PDFKit.PDFDocument): void {
  const { _fontFamilies: fonts = {} } = doc as { readonly _fontFamilies?: Record<string, { layoutCache?: object }> };
  for (const font of Object.values(fonts)) if (font.layoutCache !== undefined) font.layoutCache = Object.create(null);
}
