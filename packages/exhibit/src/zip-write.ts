import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sha256Hex, utf8Encode } from '@custody/bytes';
import yazl from 'yazl';
import { usage } from './errors.ts';
import { SUMS_NAME } from './verify/verify-exhibit.ts';

/** No exhibit says when it was made: every member has the first time that ZIP can hold. */
const NO_TIME = new Date(1980, 0, 1);

/** Adds the sums of all members, so that `sha256sum -c` works by hand. */
export function withSums(members: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const names = [...members.keys()].sort();
  const sums = names.map((name) => `${sha256Hex(members.get(name) as Uint8Array)}  ${name}\n`).join('');
  return new Map([...members, [SUMS_NAME, utf8Encode(sums)]]);
}

/** Writes members sorted by name and uncompressed: the same exhibit gives the same bytes. An existing file is not replaced. */
export async function writeZip(path: string, members: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const name of [...members.keys()].sort()) {
    const bytes = members.get(name) as Uint8Array;
    const options = { compress: false, mtime: NO_TIME, forceDosTimestamp: true, mode: 0o100644 };
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), name, options);
  }
  zip.end();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  zip.outputStream.pipe(file);
  try {
    await once(file, 'finish');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw usage(
        'EXHIBIT_MEMBER_UNKNOWN',
        `${path} exists already: an exhibit never replaces a file. Choose another --out`,
      );
    }
    await rm(path, { force: true });
    throw error;
  }
}
