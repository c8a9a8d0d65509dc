import { createRequire } from 'node:module';
import type { Bidi } from 'bidi-js';

// Its types describe an ES module, its main file is CommonJS.
const bidi = (createRequire(import.meta.url)('bidi-js') as () => Bidi)();

const LATIN = 0x20;
const PLAIN_LATIN = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u20a0-\u20bf\u2190-\u21ff]*$/;

/** A stretch of a line in one direction and one font, in the order in which it stands on the paper. */
export interface VisualRun {
  readonly text: string;
  readonly font: string;
}

/**
 * A line of text as it is set: runs from left to right by the Unicode Bidirectional Algorithm (UAX 9). The base direction
 * is that of the paragraph it belongs to.
 */
export function visualRuns(line: string, base: 'ltr' | 'rtl', fontOf: (codePoint: number) => string): VisualRun[] {
  if (base === 'ltr' && isPlainLatin(line)) return line === '' ? [] : [{ text: line, font: fontOf(LATIN) }];
  const { levels, paragraphs } = bidi.getEmbeddingLevels(line, base);
  const order = bidi.getReorderedIndices(line, { levels, paragraphs });
  const runs: VisualRun[] = [];
  for (let i = 0; i < order.length; ) {
    const first = order[i] as number;
    const level = levels[first] as number;
    const isRtl = level % 2 === 1;
    let end = i + 1;
    while (
      end < order.length &&
      levels[order[end] as number] === level &&
      order[end] === first + (end - i) * (isRtl ? -1 : 1)
    )
      end++;
    // Logical order within the run: the font shapes it, and turns it where its script runs from right to left.
    const [from, to] = isRtl ? [order[end - 1] as number, first + 1] : [first, (order[end - 1] as number) + 1];
    const parts = splitByFont(line.slice(from, to), fontOf);
    runs.push(...(isRtl ? parts.reverse().map(turned) : parts));
    i = end;
  }
  return runs;
}

/** Text of one font that stands as it is written: no mark, no joiner, no letter from right to left. */
export function isPlainLatin(text: string): boolean {
  return PLAIN_LATIN.test(text);
}

/** Direction of a paragraph by its first strong character (UAX 9, P2 and P3). */
export function baseDirection(text: string): 'ltr' | 'rtl' {
  if (isPlainLatin(text)) return 'ltr';
  const level = bidi.getEmbeddingLevels(text.slice(0, 1000), 'auto').paragraphs[0]?.level ?? 0;
  return level % 2 === 1 ? 'rtl' : 'ltr';
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A character with its joiners and marks stays in one font. */
function splitByFont(text: string, fontOf: (codePoint: number) => string): VisualRun[] {
  const runs: { text: string; font: string }[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const font = fontOf(segment.codePointAt(0) ?? 0x20);
    const last = runs.at(-1);
    if (last !== undefined && last.font === font) last.text += segment;
    else runs.push({ text: segment, font });
  }
  return runs;
}

const STRONG_RTL = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * A run from right to left as the font takes it: brackets are mirrored here (UAX 9, L4); what has no script of its own,
 * spaces and brackets between words, is not turned by the font and is turned here.
 */
function turned(run: VisualRun): VisualRun {
  const mirrored = [...run.text].map((char) => bidi.getMirroredCharacter(char) ?? char);
  return { ...run, text: (STRONG_RTL.test(run.text) ? mirrored : mirrored.reverse()).join('') };
}
