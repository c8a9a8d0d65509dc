import type { ByteSource } from '../../byte-source.ts';
import { deliveredAt } from './maildir-names.ts';

/** Where a message stands: in which file, and where in it. */
export interface MailPlace {
  /** Path of the file; the capture's own where it is one file. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

const WINDOW = 1024 * 1024;
/** A separator line of an mbox: `From `, then an address and a date. */
const MARK: Uint8Array = Buffer.from('From ');
const LONGEST_LINE = 1024;

/** Messages of an mbox: each begins behind a line `From …` at the beginning or behind an empty line. */
export function* mboxMessages(
  file: string,
  source: ByteSource,
  progress?: (done: number) => void,
): Generator<MailPlace> {
  let start = -1;
  for (const { at, body } of separators(source, progress)) {
    if (start >= 0) yield { file, offset: start, length: at - start };
    start = body;
  }
  if (start >= 0) yield { file, offset: start, length: source.length - start };
}

function* separators(source: ByteSource, progress?: (done: number) => void): Generator<{ at: number; body: number }> {
  for (let at = 0; at < source.length; at += WINDOW) {
    // Two bytes before, to see the empty line; the length of a line behind, to see a whole separator.
    const from = Math.max(0, at - 3);
    const read = source.read(from, WINDOW + LONGEST_LINE + 3);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
    for (let found = bytes.indexOf(MARK); found >= 0; found = bytes.indexOf(MARK, found + 1)) {
      const place = from + found;
      if (place < at || place >= at + WINDOW || !isSeparator(bytes, found, place === 0)) continue;
      const end = bytes.indexOf(0x0a, found);
      yield { at: place, body: end < 0 ? source.length : from + end + 1 };
    }
    progress?.(Math.min(at + WINDOW, source.length));
  }
}

function isSeparator(bytes: Buffer, at: number, isFirst: boolean): boolean {
  const afterEmpty =
    bytes[at - 1] === 0x0a && (bytes[at - 2] === 0x0a || (bytes[at - 2] === 0x0d && bytes[at - 3] === 0x0a));
  if (!isFirst && !afterEmpty) return false;
  const end = bytes.indexOf(0x0a, at);
  const line = bytes.subarray(at, end < 0 ? Math.min(bytes.length, at + LONGEST_LINE) : end).toString('latin1');
  return /^From \S+\s.*\d{1,2}:\d{2}/.test(line) || /^From (\S+@\S+|-|MAILER-DAEMON)\s*$/i.test(line);
}

/** Files of a Maildir: all below a `cur` or `new` of the same capture, the path given among them. */
export function maildirFiles(name: string, names: readonly string[]): readonly string[] | null {
  if (!isMaildirPath(name)) return null;
  return names.filter(isMaildirPath).sort();
}

function isMaildirPath(name: string): boolean {
  return /(^|\/)(cur|new)\/[^/]+$/.test(name);
}

/** What a Maildir says of a message in its path: the folder, and the flags behind `:2,` (`;` and `!` where `:` may not stand). */
export function maildirFields(path: string): readonly (readonly [string, string])[] {
  const parts = /^(?:(.*)\/)?(?:cur|new)\/[^/]*?(?:[:;!]2,([A-Za-z]*))?$/.exec(path);
  if (parts === null) return [];
  const [, folder = '', flags = ''] = parts;
  const delivered = deliveredAt(path);
  const time = delivered === null ? '' : new Date(delivered).toISOString();
  const all = [
    ['maildirFolder', folder],
    ['maildirFlags', flags],
    ['maildirDelivered', time],
  ] as const;
  return all.filter(([, value]) => value !== '');
}

/**
 * A message as it was before it was put into an mbox: without the empty line that ends it there (RFC 4155), the quotes
 * taken off lines that began with "From " (mboxrd: one sign of each).
 */
export function unquoteMbox(stored: Uint8Array): Uint8Array {
  const buffer = Buffer.from(stored.buffer, stored.byteOffset, withoutLastLine(stored));
  const bytes = stored.subarray(0, buffer.length);
  if (buffer.indexOf('\n>') < 0) return bytes;
  return Buffer.from(buffer.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1');
}

function withoutLastLine(bytes: Uint8Array): number {
  const end = bytes.length;
  if (bytes[end - 1] !== 0x0a) return end;
  const line = bytes[end - 2] === 0x0d ? 2 : 1;
  return bytes[end - line - 1] === 0x0a ? end - line : end;
}
