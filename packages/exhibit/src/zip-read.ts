import { readFile, stat } from 'node:fs/promises';
import { usage } from './errors.ts';
import { readZipBytes } from './zip-layout.ts';

/** Caps for a ZIP that a stranger hands over; one buffer of Node holds at most so much. */
const MOST_BYTES = 2 * 1024 ** 3 - 1;

/**
 * All members of an exhibit ZIP. Throws EXHIBIT_UNREADABLE where there is no such file, EXHIBIT_TOO_LARGE, and
 * EXHIBIT_MALFORMED for everything that `readZipLayout` refuses.
 */
export async function readZip(path: string): Promise<Map<string, Uint8Array>> {
  const length = await lengthOf(path);
  if (length > MOST_BYTES)
    throw usage('EXHIBIT_TOO_LARGE', `the exhibit has more than ${MOST_BYTES} bytes: custody does not read it`);
  const { buffer, byteOffset, length: read } = await readFile(path);
  return readZipBytes(new Uint8Array(buffer, byteOffset, read));
}

async function lengthOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw usage('EXHIBIT_UNREADABLE', `${path}: ${why}`);
  });
  if (!found.isFile()) throw usage('EXHIBIT_UNREADABLE', `${path} is not a file: an exhibit is one ZIP file`);
  return found.size;
}
