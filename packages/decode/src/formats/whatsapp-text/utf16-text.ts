import type { ByteSource } from '../../byte-source.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';

/** Of text that is not UTF-8: what programs on a computer make of an export when they save it. */
export type Utf16 = 'utf-16le' | 'utf-16be';

const PIECE = 256 * 1024;
/** Code units looked at where no byte order mark stands in front. */
const LOOKED_AT = 32;
const encoder = new TextEncoder();

/** The encoding that a byte order mark names, or that every other byte being zero shows; null: no UTF-16. */
export function utf16Of(head: Uint8Array): Utf16 | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const units = Math.min(LOOKED_AT, head.length >>> 1);
  let [even, odd] = [0, 0];
  for (let i = 0; i < units; i++) {
    if (head[2 * i] === 0) even++;
    if (head[2 * i + 1] === 0) odd++;
  }
  // Dates and times are ASCII in most languages; a name may follow in any script.
  if (units < 8 || Math.max(even, odd) * 2 < units || Math.min(even, odd) > 0) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** Text of the first bytes, for detection. */
export function textOfHead(head: Uint8Array, encoding: Utf16): string {
  return new TextDecoder(encoding).decode(head.subarray(0, head.length & ~1), { stream: true });
}

/** The text as UTF-8 in scratch, without its byte order mark; `replaced` counts code units that are no text. */
export function toUtf8(
  source: ByteSource,
  encoding: Utf16,
  scratch: Scratch,
): { readonly handle: ScratchHandle; readonly replaced: number } {
  const decoder = new TextDecoder(encoding);
  const file = scratch.create();
  let replaced = 0;
  for (let at = 0; at < source.length; at += PIECE) {
    const piece = source.read(at, PIECE);
    const text = decoder.decode(piece, { stream: at + PIECE < source.length });
    for (let i = text.indexOf('\ufffd'); i >= 0; i = text.indexOf('\ufffd', i + 1)) replaced++;
    if (text !== '') file.append(encoder.encode(text));
  }
  return { handle: file.finish(), replaced };
}
