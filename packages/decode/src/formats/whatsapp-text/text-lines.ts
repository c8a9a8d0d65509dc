import type { ByteSource } from '../../byte-source.ts';

const LF = 0x0a;
const CR = 0x0d;
const PIECE = 256 * 1024;
/** WhatsApp's texts have at most 65,536 characters; a longer line is cut into several. */
const LONGEST_LINE: number = 1024 * 1024;

/** A line of a file: `bytes` without its line end, `length` with it. */
export interface TextLine {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** Lines of `[from, until)`, which begins at a line. */
export function* textLines(source: ByteSource, from = 0, until: number = source.length): Generator<TextLine> {
  let window = new Uint8Array(0);
  let windowAt = from;
  for (let at = from; at < until; ) {
    let end = window.indexOf(LF, at - windowAt);
    if (end < 0) {
      const left = windowAt + window.length - at;
      const size = Math.min(Math.max(PIECE, left * 2), LONGEST_LINE, until - at);
      window = source.read(at, size).slice();
      windowAt = at;
      if (window.length === 0) return;
      end = window.indexOf(LF);
      const isWhole = at + window.length >= until || window.length >= LONGEST_LINE;
      if (end < 0 && !isWhole) continue;
    }
    const start = at - windowAt;
    const stop = end < 0 ? window.length : end + 1;
    let content = end < 0 ? stop : end;
    if (content > start && window[content - 1] === CR) content--;
    yield { offset: at, length: stop - start, bytes: window.subarray(start, content) };
    at += stop - start;
  }
}
