import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { sha256Hex, utf8Encode } from '@custody/bytes';
import yazl from 'yazl';
import { usage } from './errors.ts';
import { SUMS_NAME } from './member-names.ts';

/** No exhibit says when it was made: every member has the first time that ZIP can hold. */
const NO_TIME = new Date(1980, 0, 1);

/** Adds the sums of all members, so that `sha256sum -c` works by hand. */
export function withSums(members: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const names = [...members.keys()].sort();
  const sums = names.map((name) => `${sha256Hex(members.get(name) as Uint8Array)}  ${name}\n`).join('');
  return new Map([...members, [SUMS_NAME, utf8Encode(sums)]]);
}

/**
 * Writes members sorted by name and uncompressed: the same exhibit gives the same bytes. Returns the SHA-256 of the file
 * as hex. Throws UsageError EXHIBIT_EXISTS: an existing file is not replaced.
 */
export async function writeZip(path: string, members: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const name of [...members.keys()].sort()) {
    const bytes = members.get(name) as Uint8Array;
    const options = { compress: false, mtime: NO_TIME, forceDosTimestamp: true, mode: 0o100644 };
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name, options);
  }
  zip.end();
  const hash = createHash('sha256');
  zip.outputStream.on('data', (chunk: Uint8Array) => hash.update(chunk));
  let made = false;
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
    file.on('open', () => {
      made = true;
    });
    await pipeline(zip.outputStream, file);
  } catch (error) {
    // Only what was made here is taken away.
    if (made) await rm(path, { force: true });
    throw unwritable(path, error as NodeJS.ErrnoException);
  }
  return hash.digest('hex');
}

function unwritable(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EEXIST')
    return usage('EXHIBIT_EXISTS', `${path} exists already: an exhibit never replaces a file. Choose another --out`);
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return usage('EXHIBIT_UNWRITABLE', `${path}: the folder does not exist`);
  if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EISDIR')
    return usage('EXHIBIT_UNWRITABLE', `${path} cannot be written (${error.code}). Choose another --out`);
  return error;
}
