import { decodeCharset, type Headers, header, quotedPrintable, readHeaders, readParameters } from './header-text.ts';

/** A part of a message: a leaf with content, or a container of parts. */
export interface MimePart {
  readonly headers: Headers;
  /** `text/plain`, lower case. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Decoded content of a leaf. */
  readonly content: Uint8Array;
  readonly parts: readonly MimePart[];
  /** The part with its headers, as it stands. */
  readonly raw: Uint8Array;
  readonly filename: string | null;
  readonly disposition: string;
}

export class MimeRefused extends Error {}

const MOST_DEPTH = 32;
const MOST_PARTS = 10_000;
const LONGEST_HEADER = 1024 * 1024;

/** Parses a message or part. Throws MimeRefused beyond the limits. */
export function readMime(bytes: Uint8Array): MimePart {
  return readPart(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { depth: 0, budget: { parts: 0 } });
}

interface Limits {
  readonly depth: number;
  readonly budget: { parts: number };
}

function readPart(bytes: Buffer, limits: Limits): MimePart {
  if (limits.depth > MOST_DEPTH) throw new MimeRefused(`parts nest deeper than ${MOST_DEPTH}`);
  if (++limits.budget.parts > MOST_PARTS) throw new MimeRefused(`more than ${MOST_PARTS} parts`);
  const { head, body } = split(bytes);
  const fields = readHeaders(head.toString('latin1'));
  const { value, parameters } = readParameters(header(fields, 'content-type') ?? 'text/plain');
  const disposition = readParameters(header(fields, 'content-disposition') ?? '');
  const filename = disposition.parameters.get('filename') ?? parameters.get('name') ?? null;
  const base = { raw: bytes, headers: fields, type: value, parameters, filename, disposition: disposition.value };
  const boundary = parameters.get('boundary');
  if (value.startsWith('multipart/') && boundary !== undefined && boundary !== '') {
    const below = { ...limits, depth: limits.depth + 1 };
    return { ...base, content: new Uint8Array(), parts: cutParts(body, boundary).map((part) => readPart(part, below)) };
  }
  return { ...base, content: decodeTransfer(body, header(fields, 'content-transfer-encoding') ?? ''), parts: [] };
}

function split(bytes: Buffer): { head: Buffer; body: Buffer } {
  if (bytes[0] === 0x0a) return { head: bytes.subarray(0, 0), body: bytes.subarray(1) };
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return { head: bytes.subarray(0, 0), body: bytes.subarray(2) };
  const window = bytes.subarray(0, LONGEST_HEADER);
  const [lf, crlf] = [window.indexOf('\n\n'), window.indexOf('\n\r\n')];
  if (lf < 0 && crlf < 0) return { head: window, body: bytes.subarray(window.length) };
  const isLf = crlf < 0 || (lf >= 0 && lf < crlf);
  const end = isLf ? lf : crlf;
  return { head: window.subarray(0, end), body: bytes.subarray(end + (isLf ? 2 : 3)) };
}

/** The bytes between boundary lines; what stands before the first and behind the last is no part (RFC 2046). */
function cutParts(body: Buffer, boundary: string): Buffer[] {
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Buffer[] = [];
  let from = -1;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    const after = at + mark.length;
    const isLast = body[after] === 0x2d && body[after + 1] === 0x2d;
    const line = body.indexOf(0x0a, after);
    const rest = body
      .subarray(after, line < 0 ? body.length : line)
      .toString('latin1')
      .trim();
    if (!isLast && rest !== '') continue;
    if (from >= 0) parts.push(body.subarray(from, Math.max(from, at - (body[at - 2] === 0x0d ? 2 : 1))));
    if (isLast || line < 0) return parts;
    from = line + 1;
    if (parts.length > MOST_PARTS) throw new MimeRefused(`more than ${MOST_PARTS} parts`);
  }
  // The last boundary is missing: what is there of the last part is kept.
  if (from >= 0) parts.push(body.subarray(from));
  return parts;
}

function decodeTransfer(body: Buffer, encoding: string): Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  if (name === 'quoted-printable') return quotedPrintable(body.toString('latin1'));
  return body;
}

/** Text of a leaf as UTF-16; unknown character sets are added to `unknown`. */
export function partText(part: MimePart, unknown: Set<string>): string {
  const declared = part.parameters.get('charset');
  if (declared !== undefined) return decodeCharset(part.content, declared, unknown);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part.content);
  } catch {
    return Buffer.from(part.content).toString('latin1');
  }
}
