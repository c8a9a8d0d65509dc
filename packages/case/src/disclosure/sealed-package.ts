import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { utf8Encode } from '@custody/bytes';
import { StoredZip, type ZipPieces } from '@custody/exhibit';
import { sealStream } from '@custody/vault';
import { usage } from '../errors.ts';

const SUMS = 'manifest-sha256.txt';

const PIECE = 1024 * 1024;

/** A member that is made when its turn comes. */
export interface PackageMember {
  readonly name: string;
  readonly pieces: () => Promise<ZipPieces>;
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

/** One member at a time: its bytes are let go when they are sealed. */
async function* zipStream(
  members: AsyncIterable<PackageMember>,
  sums: Map<string, string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const zip = new StoredZip(true);
  for await (const { name, pieces } of members) {
    const made = await pieces();
    sums.set(name, sumOf(made));
    yield* sliced(zip.member(name, made));
  }
  const list = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => `${sum}  ${name}\n`);
  const text = utf8Encode(list.join(''));
  yield* zip.member(SUMS, () => [text]);
  yield* zip.end();
}

function sumOf(pieces: ZipPieces): string {
  const hash = createHash('sha256');
  for (const piece of pieces()) hash.update(piece);
  return hash.digest('hex');
}

/** What seals takes pieces of some size at once. */
function* sliced(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += PIECE) yield piece.subarray(at, Math.min(piece.length, at + PIECE));
}
