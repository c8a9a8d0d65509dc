import { utf8ValidUpTo } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import type { TextEncodingName } from '../profile/profile.ts';
import { ContainerFailure } from './container-failure.ts';

const PROBE = 1024 * 1024;
/**
 * UTF-8 that somebody read as windows-1252 and wrote as UTF-8 again: Ã and Â before a character of the upper half, and
 * what becomes of typographic quotes.
 */
const MOJIBAKE = /[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u0153\u2122\u02dc\u201c\u201d\u00a6]/;

export interface TextForm {
  readonly encoding: TextEncodingName;
  /** Bytes of the byte order mark. */
  readonly mark: number;
}

/** The encoding of a text: as declared, else by its byte order mark, else UTF-8 where its beginning is that. */
export function textForm(source: ByteSource, declared: TextEncodingName | undefined): TextForm {
  const head = source.read(0, PROBE);
  const marked = markOf(head);
  if (declared !== undefined) return { encoding: declared, mark: marked?.encoding === declared ? marked.mark : 0 };
  if (marked !== null) return marked;
  // A character may be cut at the end of what was looked at.
  if (utf8ValidUpTo(head) >= Math.min(head.length, Math.max(0, head.length - 3))) return { encoding: 'utf-8', mark: 0 };
  throw new ContainerFailure('the text is not UTF-8 and has no byte order mark: its profile must declare "encoding"');
}

function markOf(head: Uint8Array): TextForm | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  return head[0] === 0xfe && head[1] === 0xff ? { encoding: 'utf-16be', mark: 2 } : null;
}

/** The text of a record; null where its bytes are none in that encoding. */
export function textDecoder(encoding: TextEncodingName): (bytes: Uint8Array) => string | null {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  };
}

export function looksMisread(text: string): boolean {
  return MOJIBAKE.test(text);
}

/**
 * One byte for each character unit, ASCII as itself and 0x80 for all else, so that line ends and quotes are found in
 * UTF-16 as in the other encodings. `width`: bytes of a unit.
 */
export function shadowOf(bytes: Buffer, encoding: TextEncodingName): { shadow: Buffer; width: 1 | 2 } {
  if (encoding !== 'utf-16le' && encoding !== 'utf-16be') return { shadow: bytes, width: 1 };
  const shadow = Buffer.alloc(bytes.length >> 1);
  const low = encoding === 'utf-16le' ? 0 : 1;
  for (let i = 0; i < shadow.length; i++) {
    const [unit, other] = [bytes[2 * i + low] as number, bytes[2 * i + 1 - low] as number];
    shadow[i] = other === 0 && unit < 0x80 ? unit : 0x80;
  }
  return { shadow, width: 2 };
}
