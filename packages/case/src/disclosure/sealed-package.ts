import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { sha256Hex, utf8Encode } from '@custody/bytes';
import { sealStream } from '@custody/vault';
import yazl from 'yazl';
import { usage } from '../errors.ts';

const SUMS = 'manifest-sha256.txt';
const OPTIONS = { compress: false, mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 } as const;

/** A member that is made when its turn comes. */
export interface PackageMember {
  readonly name: string;
  readonly bytes: () => Promise<Uint8Array>;
}

/**
 * Writes members into a ZIP that is sealed to the recipients while it is made: nothing of it stands on disk in clear, and
 * one member at a time in memory. Returns the SHA-256 of the sealed file, and of each member. Throws UsageError
 * EXPORT_EXISTS, EXPORT_UNWRITABLE.
 */
export async function writeSealedPackage(
  out: string,
  recipients: readonly string[],
  members: AsyncIterable<PackageMember>,
): Promise<{ readonly sha256: string; readonly sums: ReadonlyMap<string, string> }> {
  const file = await open(out, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const code = error.code === 'EEXIST' ? 'EXPORT_EXISTS' : 'EXPORT_UNWRITABLE';
    throw usage(code, `${out} cannot be made (${error.code ?? 'unknown'}). Choose another --out`);
  });
  const hash = createHash('sha256');
  const sums = new Map<string, string>();
  try {
    for await (const piece of sealStream(zipStream(members, sums), recipients)) {
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), sums };
}

async function* zipStream(
  members: AsyncIterable<PackageMember>,
  sums: Map<string, string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const filled = (async () => {
    for await (const { name, bytes } of members) {
      const content = await bytes();
      sums.set(name, sha256Hex(content));
      await added(zip, name, content);
    }
    const list = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => `${sum}  ${name}\n`);
    await added(zip, SUMS, utf8Encode(list.join('')));
    zip.end();
  })().catch((error: unknown) => {
    output.destroy(error as Error);
  });
  for await (const chunk of output) yield chunk as Uint8Array;
  await filled;
}

/** Resolves when the member is read, so that the next one is made only then. */
function added(zip: yazl.ZipFile, name: string, content: Uint8Array): Promise<void> {
  const { length: size } = content;
  const member = { left: content };
  return new Promise((resolve, reject) => {
    const pieces = Readable.from(slices(member), { objectMode: false });
    pieces.once('end', resolve).once('error', reject);
    zip.addReadStream(pieces, name, { ...OPTIONS, size });
  });
}

/** The ZIP keeps its streams to its end: what was written is let go here, or the whole package would stay in memory. */
function* slices(member: { left: Uint8Array }): Generator<Uint8Array> {
  const piece = 1024 * 1024;
  do {
    const next = member.left.subarray(0, piece);
    member.left = member.left.subarray(piece);
    if (member.left.length === 0) member.left = new Uint8Array(0);
    yield next;
  } while (member.left.length > 0);
}
