import type { ByteSource } from '../../byte-source.ts';

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

/** A line that is longer than asked for is told without its bytes. */
export interface ScannedLine {
  readonly offset: number;
  /** Without the line end. */
  readonly length: number;
  /** A view until the next line; null where the line is too long. */
  readonly bytes: Uint8Array | null;
  /** The source ends with this line and no line end. */
  readonly isOpen: boolean;
}

/** Lines of `[from, until)`, at most `longest` bytes each in memory. */
export function* scanLines(
  source: ByteSource,
  { from, until, longest }: { readonly from: number; readonly until: number; readonly longest: number },
): Generator<ScannedLine> {
  let held = new Uint8Array(0);
  let start = from;
  for (let base = from; base < until; base += CHUNK) {
    const chunk = source.read(base, Math.min(CHUNK, until - base));
    if (chunk.length === 0) break;
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      yield lineOf(join(held, chunk.subarray(at, end), longest), start, base + end - start, false);
      held = new Uint8Array(0);
      at = end + 1;
      start = base + at;
    }
    held = join(held, chunk.subarray(at), longest) ?? new Uint8Array(longest + 1);
  }
  if (start < until) yield lineOf(held.length > longest ? null : held, start, until - start, true);
}

/** Null once there is more than `longest`. */
function join(held: Uint8Array<ArrayBuffer>, more: Uint8Array, longest: number): Uint8Array<ArrayBuffer> | null {
  if (held.length + more.length > longest) return null;
  const joined = new Uint8Array(held.length + more.length);
  joined.set(held);
  joined.set(more, held.length);
  return joined;
}

function lineOf(bytes: Uint8Array | null, offset: number, length: number, isOpen: boolean): ScannedLine {
  return { offset, length, bytes, isOpen };
}
