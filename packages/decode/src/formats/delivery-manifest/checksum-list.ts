import type { ByteSource } from '../../byte-source.ts';
import { LONGEST_MANIFEST, type StatedFile } from './stated-file.ts';

/** A line of `sha256sum` (GNU coreutils) and of a BagIt manifest (RFC 8493 2.1.3): hash, blanks, `*` for binary, path. */
const LINE = /^([0-9a-fA-F]{64})(?: [ *]| +|\t)(.+)$/;

/** True where the first lines of a file are those of a list of SHA-256. */
export function looksLikeChecksums(head: Uint8Array): boolean {
  const lines = Buffer.from(head).toString('utf8').split(/\r?\n/);
  // The last one may be cut off.
  const whole = head.length < 64 * 1024 ? lines : lines.slice(0, -1);
  const said = whole.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return said.length > 0 && said.every((line) => LINE.test(line));
}

/** The files that such a list names; text says why it cannot be read. */
export function readChecksums(source: ByteSource): readonly StatedFile[] | string {
  if (source.length > LONGEST_MANIFEST) return `it is longer than ${LONGEST_MANIFEST} bytes`;
  const out: StatedFile[] = [];
  const lines = Buffer.from(source.read(0, source.length)).toString('utf8').split(/\r?\n/);
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const parts = LINE.exec(line);
    if (parts === null) return `line ${i + 1} is no SHA-256 with a path`;
    const [, sha256 = '', path = ''] = parts;
    out.push({ file: path.replace(/^\.\//, ''), sha256: sha256.toLowerCase() });
  }
  return out;
}
