import { stat } from 'node:fs/promises';
import { CustodyError } from '@custody/bytes';
import yauzl from 'yauzl';
import { malformed, usage } from './errors.ts';

/** Caps for a ZIP that a stranger hands over. */
const MOST_MEMBERS = 200_000;
const MOST_BYTES = 4 * 1024 ** 3;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,250}$/;
const STORED = 0;
/** APPNOTE 4.4.4: bit 0, and bit 6 for strong encryption. */
const ENCRYPTED = 0x41;

/**
 * All members of an exhibit ZIP. Throws EXHIBIT_UNREADABLE where there is no such file, EXHIBIT_TOO_LARGE, and
 * EXHIBIT_MALFORMED for everything else that no exhibit has: names that lead out, duplicates, compression, encryption,
 * sizes that are not true.
 */
export async function readZip(path: string): Promise<Map<string, Uint8Array>> {
  const length = await lengthOf(path);
  if (length > MOST_BYTES) throw tooLarge(`more than ${MOST_BYTES} bytes`);
  try {
    return await readMembers(path, length);
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    throw malformed(`it is no ZIP file, or a damaged one (${(error as Error).message})`);
  }
}

async function lengthOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw usage('EXHIBIT_UNREADABLE', `${path}: ${why}`);
  });
  if (!found.isFile()) throw usage('EXHIBIT_UNREADABLE', `${path} is not a file: an exhibit is one ZIP file`);
  return found.size;
}

async function readMembers(path: string, length: number): Promise<Map<string, Uint8Array>> {
  const zip = await yauzl.openPromise(path, { autoClose: true, decodeStrings: true, validateEntrySizes: true });
  const members = new Map<string, Uint8Array>();
  let left = length;
  try {
    if (zip.entryCount > MOST_MEMBERS) throw tooLarge(`more than ${MOST_MEMBERS} members`);
    for await (const entry of zip.eachEntry()) {
      const name = checkEntry(entry, members);
      if (members.size >= MOST_MEMBERS) throw tooLarge(`more than ${MOST_MEMBERS} members`);
      left -= entry.uncompressedSize;
      // Members are stored as they are: together they cannot be longer than the file.
      if (left < 0) throw malformed(`${name} claims more bytes than the file has`);
      members.set(name, await readEntry(zip, entry));
    }
  } finally {
    zip.close();
  }
  return members;
}

function checkEntry(entry: yauzl.Entry, members: ReadonlyMap<string, Uint8Array>): string {
  const name = entry.fileName;
  if (!NAME.test(name) || name.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw malformed(`a member has a name that no exhibit has: ${JSON.stringify(name.slice(0, 80))}`);
  }
  if (members.has(name)) throw malformed(`${name} is in the ZIP twice`);
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) throw malformed(`${name} is encrypted`);
  if (entry.compressionMethod !== STORED)
    throw malformed(`${name} is compressed: an exhibit's members are stored as they are`);
  if (entry.compressedSize !== entry.uncompressedSize) throw malformed(`${name} has two different lengths`);
  return name;
}

async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(why: string): Error {
  return usage('EXHIBIT_TOO_LARGE', `the exhibit has ${why}: custody does not read it`);
}
