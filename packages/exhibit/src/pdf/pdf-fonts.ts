import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import emojiRanges from '@fontsource/noto-emoji/unicode.json' with { type: 'json' };
import devanagariRanges from '@fontsource/noto-sans-devanagari/unicode.json' with { type: 'json' };
import thaiRanges from '@fontsource/noto-sans-thai/unicode.json' with { type: 'json' };
import hangulRanges from '@fontsource-variable/noto-sans-kr/unicode.json' with { type: 'json' };
import cjkRanges from '@fontsource-variable/noto-sans-sc/unicode.json' with { type: 'json' };
// Imported for its place on the disk: the fonts lie beside it.
import dejavuPackage from 'dejavu-fonts-ttf/package.json' with { type: 'json' };
// @ts-expect-error It has no types.
import woff2Module from 'wawoff2';

/** The PDF writer reads WOFF, and of WOFF2 only the tables that it does not embed. */
const woff2 = woff2Module as { decompress(font: Uint8Array): Promise<Uint8Array> };
const [FIRST, BOLD] = ['DejaVu', 'DejaVu-Bold'] as const;

/** A font file and the code points that it is asked for, in order of preference. */
interface FontFile {
  readonly name: string;
  readonly path: string;
  covers(codePoint: number): boolean;
}

/** What the fonts need of the PDF writer. */
export interface FontHost {
  registerFont(name: string, font: string | Uint8Array): unknown;
}

/** Opens fonts when a character needs them, so that a page in Latin embeds one. */
export class PdfFonts {
  readonly #host: FontHost;
  readonly #byCodePoint = new Map<number, FontFile>();

  constructor(host: FontHost) {
    this.#host = host;
    this.#host.registerFont(FIRST, dejavu('DejaVuSans.ttf'));
    this.#host.registerFont(BOLD, dejavu('DejaVuSans-Bold.ttf'));
  }

  /** Makes the fonts ready that these texts need; `fontOf` knows no others. */
  async prepare(texts: Iterable<string>): Promise<void> {
    for (const text of texts) {
      for (const char of text) {
        const codePoint = char.codePointAt(0) as number;
        if (this.#byCodePoint.has(codePoint)) continue;
        const file = fontFiles().find((one) => one.covers(codePoint));
        if (file !== undefined) this.#byCodePoint.set(codePoint, file);
      }
    }
    for (const { name, path } of new Set(this.#byCodePoint.values())) {
      if (name === FIRST) continue;
      const bytes = await readFile(fileURLToPath(import.meta.resolve(path)));
      this.#host.registerFont(name, path.endsWith('.woff2') ? (await woff2.decompress(bytes)).slice() : bytes);
    }
  }

  /** Name of the font that has a character; the first one where none has. */
  fontOf(codePoint: number, isBold: boolean): string {
    const name = this.#byCodePoint.get(codePoint)?.name ?? FIRST;
    return isBold && name === FIRST ? BOLD : name;
  }
}

/** Whether a font by its name here has many weights, of which the PDF writer takes the thinnest. */
export function isVariable(name: string): boolean {
  return /^noto-sans-(?:sc|kr)-/.test(name);
}

let files: readonly FontFile[] | null = null;

/**
 * DejaVu for alphabets, Noto Emoji, Noto Sans for Devanagari, Thai and Hangul, then Noto Sans SC for Chinese, Japanese kana
 * and full-width forms. Ranges of a font are those that it is offered for, not all of which it has: hence the scripts.
 */
function fontFiles(): readonly FontFile[] {
  files ??= [
    { name: FIRST, path: dejavu('DejaVuSans.ttf'), covers: isAlphabetic },
    ...webFont('@fontsource/noto-emoji', '400-normal.woff', emojiRanges),
    ...webFont('@fontsource/noto-sans-devanagari', '400-normal.woff', devanagariRanges, /\p{Script=Devanagari}/u),
    ...webFont('@fontsource/noto-sans-thai', '400-normal.woff', thaiRanges, /\p{Script=Thai}/u),
    ...webFont('@fontsource-variable/noto-sans-kr', 'wght-normal.woff2', hangulRanges, /\p{Script=Hangul}/u),
    ...webFont('@fontsource-variable/noto-sans-sc', 'wght-normal.woff2', cjkRanges),
  ];
  return files;
}

/**
 * Blocks that DejaVu Sans 2.37 has whole enough to print text of: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic,
 * Georgian, punctuation, currency, arrows, mathematics, box drawing.
 */
function isAlphabetic(codePoint: number): boolean {
  const blocks: readonly (readonly [number, number])[] = [
    [0x20, 0x60f],
    [0x610, 0x6ff],
    [0x10a0, 0x10ff],
    [0x1e00, 0x20cf],
    [0x2100, 0x22ff],
    [0x2500, 0x25ff],
    [0xfb00, 0xfdff],
    [0xfe70, 0xfeff],
  ];
  // U+200D and U+FE0F belong to the emoji around them.
  return codePoint !== 0x200d && blocks.some(([from, to]) => codePoint >= from && codePoint <= to);
}

function dejavu(file: string): string {
  return fileURLToPath(import.meta.resolve(`${dejavuPackage.name}/ttf/${file}`));
}

/** Files of a web font that is cut by ranges of Unicode, for the characters of a script or all. */
function webFont(
  folder: string,
  suffix: string,
  ...[ranges, script]: readonly [ranges: Readonly<Record<string, string>>, script?: RegExp]
): FontFile[] {
  const stem = folder.slice(folder.indexOf('/') + 1);
  return Object.entries(ranges).map(([key, text]) => {
    const subset = key.replace(/[[\]]/g, '');
    const spans = text.split(',').map((span) =>
      span
        .slice(2)
        .split('-')
        .map((end) => Number.parseInt(end, 16)),
    );
    return {
      name: `${stem}-${subset}`,
      path: `${folder}/files/${stem}-${subset}-${suffix}`,
      covers: (codePoint) =>
        script?.test(String.fromCodePoint(codePoint)) !== false &&
        spans.some(([from = 0, to = from]) => codePoint >= from && codePoint <= to),
    };
  });
}
