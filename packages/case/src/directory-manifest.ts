import { lstat, readdir } from 'node:fs/promises';
import { type CborValue, compareBytes, concatBytes, decodeCbor, encodeCbor, u32be, utf8Encode } from '@custody/bytes';
import { fileIntake, hashIntake, type Intake } from '@custody/segment';
import type { CaptureFileSpec } from './capture-files.ts';
import { usage } from './errors.ts';

interface Member {
  /** Raw bytes of the path inside the directory, `/` between its parts. */
  readonly path: Buffer;
  readonly file: Buffer;
  readonly size: number;
  readonly sha256: Uint8Array;
}

/** A directory as one capture: a sorted manifest followed by the files' bytes in the manifest's order. */
export interface DirectoryCapture {
  readonly intake: Intake;
  readonly files: readonly CaptureFileSpec[];
  /** What is neither file nor directory (links, sockets, devices): not taken in, named in a finding. */
  readonly skipped: readonly string[];
}

const LABEL = utf8Encode('custody/manifest/v1\n');

/** Reads a directory. Links are not followed: they could lead out of the capture. */
export async function readDirectoryCapture(folder: string): Promise<DirectoryCapture> {
  const members: Member[] = [];
  const skipped: string[] = [];
  await collect(Buffer.from(folder), Buffer.alloc(0), { members, skipped });
  members.sort((a, b) => compareBytes(a.path, b.path));
  const manifest = encodeCbor(members.map(({ path, size, sha256 }) => [new Uint8Array(path), size, sha256]));
  const head = concatBytes([LABEL, u32be(manifest.length), manifest]);
  let offset = head.length;
  const files = members.map(({ path, size }) => {
    offset += size;
    return { name: path.toString(), offset: offset - size, length: size };
  });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield head;
    for (const { file, size } of members) yield* fileIntake(file, size).chunks();
  }
  return { intake: { length: offset, chunks }, files, skipped };
}

async function collect(root: Buffer, inside: Buffer, into: { members: Member[]; skipped: string[] }): Promise<void> {
  const folder = inside.length === 0 ? root : Buffer.concat([root, Buffer.from('/'), inside]);
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const name = Buffer.from(entry.name);
    const path = inside.length === 0 ? name : Buffer.concat([inside, Buffer.from('/'), name]);
    const file = Buffer.concat([root, Buffer.from('/'), path]);
    if (entry.isDirectory()) await collect(root, path, into);
    else if (entry.isFile()) {
      const { size } = await lstat(file);
      into.members.push({ path, file, size, sha256: await hashIntake(fileIntake(file, size)) });
    } else into.skipped.push(path.toString());
  }
}

/** A capture given as a path: one file, or a directory. Throws UsageError CAPTURE_UNREADABLE. */
export async function readCapture(path: string): Promise<DirectoryCapture & { readonly kind: 'file' | 'directory' }> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    throw usage('CAPTURE_UNREADABLE', `${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  if (found.isDirectory()) return { ...(await readDirectoryCapture(path)), kind: 'directory' };
  if (!found.isFile())
    throw usage('CAPTURE_UNREADABLE', `${path}: neither a file nor a directory (links are not followed)`);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    kind: 'file',
    intake: fileIntake(path, found.size),
    files: [{ name, offset: 0, length: found.size }],
    skipped: [],
  };
}

/** Members of a stored directory capture, from the manifest at its head. Throws UsageError where it is malformed. */
export function readManifest(read: (offset: number, length: number) => Uint8Array): CaptureFileSpec[] {
  const head = read(0, LABEL.length + 4);
  const size = new DataView(head.buffer, head.byteOffset).getUint32(LABEL.length);
  const list = decodeCbor(read(head.length, size));
  if (!Array.isArray(list)) throw usage('CAPTURE_UNREADABLE', 'the manifest of a stored directory is malformed');
  let offset = head.length + size;
  return (list as readonly CborValue[]).map((entry) => {
    const [path, length] = entry as readonly [Uint8Array, number];
    offset += length;
    return { name: Buffer.from(path).toString(), offset: offset - length, length };
  });
}
