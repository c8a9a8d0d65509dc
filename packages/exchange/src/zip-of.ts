import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** The first time that ZIP can hold: no export says when it was made. */
const NO_TIME = new Date(1980, 0, 1);

/** A small ZIP in memory, the same bytes for the same members. */
export async function zipOf(members: readonly (readonly [name: string, text: string])[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of members)
    zip.addBuffer(Buffer.from(text), name, { mtime: NO_TIME, forceDosTimestamp: true, mode: 0o100644 });
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}
