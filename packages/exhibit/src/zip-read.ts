import yauzl from 'yauzl';
import { malformed, usage } from './errors.ts';

/** Caps for a ZIP that a stranger hands over. */
const MOST_MEMBERS = 200_000;
const MOST_BYTES = 4 * 1024 ** 3;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,250}$/;

/** All members of an exhibit ZIP. Throws EXHIBIT_MALFORMED for names that lead out, duplicates, and bombs. */
export async function readZip(path: string): Promise<Map<string, Uint8Array>> {
  const zip = await yauzl
    .openPromise(path, { autoClose: true, decodeStrings: true, validateEntrySizes: true })
    .catch((error: Error) => {
      throw malformed(`it is no ZIP file (${error.message})`);
    });
  const members = new Map<string, Uint8Array>();
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = checkName(entry.fileName, members);
      if (members.size >= MOST_MEMBERS) throw tooLarge(`more than ${MOST_MEMBERS} members`);
      total += entry.uncompressedSize;
      if (total > MOST_BYTES) throw tooLarge(`more than ${MOST_BYTES} bytes`);
      if (entry.compressionMethod !== 0)
        throw malformed(`${name} is compressed: an exhibit's members are stored as they are`);
      members.set(name, await readEntry(zip, entry));
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    throw malformed(`the ZIP is damaged (${(error as Error).message})`);
  } finally {
    zip.close();
  }
  return members;
}

function checkName(name: string, members: ReadonlyMap<string, Uint8Array>): string {
  if (!NAME.test(name) || name.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw malformed(`a member has a name that no exhibit has: ${JSON.stringify(name.slice(0, 80))}`);
  }
  if (members.has(name)) throw malformed(`${name} is in the ZIP twice`);
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
