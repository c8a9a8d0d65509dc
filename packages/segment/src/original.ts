import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equalBytes, hexEncode, releaseBytes, sha256, UnavailableError } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { openSealedFileSync, PIN_SUFFIX, type SealedReader, sealStream, type Vault } from '@custody/vault';
import { broken } from './errors.ts';
import { originalName, originalSecretName } from './object-names.ts';
import { drawSecret, openSecret } from './object-secret.ts';

const CHUNK = 1 << 20;

/** Bytes to take in, readable twice. */
export interface Intake {
  readonly length: number;
  /** A chunk holds until the next one is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** A file of the file system as an intake. */
export function fileIntake(path: string | Buffer, length: number): Intake {
  return { length, chunks: () => fileChunks(path, length) };
}

/** All of a file of about `length` bytes, in two rooms by turns: the next chunk is read while one is worked on. */
async function* fileChunks(path: string | Buffer, length: number): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r');
  try {
    const size = Math.min(CHUNK, length + 1);
    let [room, other] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
    let reading = file.read(room, 0, size, null);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      const chunk = room.subarray(0, bytesRead);
      [room, other] = [other, room];
      reading = file.read(room, 0, size, null);
      // Met where it is awaited, unless the consumer stops before.
      reading.catch(() => {});
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/** SHA-256 of an intake, streamed. */
export async function hashIntake(intake: Intake, progress?: (done: number) => void): Promise<Uint8Array> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of intake.chunks()) {
    hash.update(chunk);
    done += chunk.length;
    progress?.(done);
  }
  return new Uint8Array(hash.digest());
}

/** The name of an original in the store: says nothing to whoever does not hold the naming key. */
export function originalLabel(namingKey: Uint8Array, sha256: Uint8Array): string {
  return createHmac('sha256', namingKey).update(sha256).digest('hex');
}

/** An original that stands in the store, and where this process can read it. Whoever has it releases the handle. */
export interface StoredOriginal {
  readonly objects: readonly CommitObject[];
  readonly handle: OriginalHandle;
}

/**
 * Seals an original under its own identity. The bytes are hashed again while they are stored: a file that changes
 * between the two passes is refused and nothing of it is committed.
 */
export async function storeOriginal(
  vault: Vault,
  intake: Intake,
  original: {
    readonly label: string;
    readonly sha256: Uint8Array;
    readonly recipients: readonly string[];
    readonly identities: readonly string[];
    readonly progress?: (done: number) => void;
  },
): Promise<StoredOriginal> {
  const { label, recipients, identities } = original;
  await checkRoom(vault, intake.length);
  const secret = await drawSecret(vault, originalSecretName(label), { recipients, identities });
  const hash = createHash('sha256');
  let done = 0;
  async function* tapped(): AsyncGenerator<Uint8Array> {
    for await (const chunk of intake.chunks()) {
      hash.update(chunk);
      done += chunk.length;
      original.progress?.(done);
      yield chunk;
    }
    if (!equalBytes(hash.digest(), original.sha256)) {
      throw broken('CAPTURE_CHANGED', 'the capture changed while it was taken in: copy it to a place nobody writes to');
    }
  }
  const name = originalName(label);
  const stored = await vault.createFromStream(
    name,
    sealStream(tapped(), [secret.identity.recipient], { passing: true }),
  );
  const { sha256, copy } = await readBack(vault, name, stored);
  const handle = { ...copy, identity: secret.identity.secret };
  try {
    const objects = [secret.object, { name, length: stored.length, sha256 }, ...(await pinObjects(vault, name))];
    return { objects, handle };
  } catch (error) {
    await releaseOriginal(handle);
    throw error;
  }
}

/**
 * An original that cannot fit is refused before anything is written: a log whose disk filled under it was lost once
 * (Trillian's storage/postgresql/README). What fits may still fail later, for more than the original is stored.
 */
async function checkRoom(vault: Vault, length: number): Promise<void> {
  const free = (await vault.freeBytes?.()) ?? null;
  if (free === null || free >= length) return;
  throw new UnavailableError(
    'STORE_FULL',
    `no space for the capture in ${vault.location}: it has ${length} bytes, ${free} are free. Make room and run the command again`,
    { detail: { length, free } },
  );
}

/** Where originals have a bucket of their own, what says which version they are belongs to the case, too. */
async function pinObjects(vault: Vault, name: string): Promise<CommitObject[]> {
  if ((await vault.pinOf?.(name)) == null) return [];
  const bytes = await vault.read(name + PIN_SUFFIX);
  return [{ name: name + PIN_SUFFIX, length: bytes.length, sha256: sha256(bytes) }];
}

type SealedCopy = Omit<OriginalHandle, 'identity'>;

/** Hash of what the store gives back, and where it lies: what comes over the network is kept, for it is decoded next. */
async function readBack(
  vault: Vault,
  name: string,
  stored: { readonly sha256: Uint8Array; readonly length: number },
): Promise<{ readonly sha256: Uint8Array; readonly copy: SealedCopy }> {
  const path = vault.localPath?.(name) ?? null;
  if (path !== null) {
    const digest = new Uint8Array((await vault.digest?.(name)) ?? (await hashStream(vault.readStream(name))));
    if (!equalBytes(digest, stored.sha256)) throw readsDifferently(name);
    return { sha256: digest, copy: { path, temporary: false } };
  }
  const hash = createHash('sha256');
  const copy = await fetchSealed(vault, name, (chunk) => hash.update(chunk));
  const digest = new Uint8Array(hash.digest());
  if (equalBytes(digest, stored.sha256)) return { sha256: digest, copy };
  await releaseOriginal(copy);
  throw readsDifferently(name);
}

function readsDifferently(name: string): Error {
  return broken('READ_BACK_MISMATCH', `${name} was stored but reads back differently: check the medium`, { name });
}

async function hashStream(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest();
}

/** Where an original can be read from a local, sealed file, and the identity that opens it. Both stay in this process. */
export interface OriginalHandle {
  readonly path: string;
  readonly identity: string;
  /** A sealed copy that was fetched for this purpose and goes when the work is done. */
  readonly temporary: boolean;
}

/** Finds or fetches the sealed bytes of an original so that threads can read them at random. */
export async function locateOriginal(
  vault: Vault,
  label: string,
  identities: readonly string[],
): Promise<OriginalHandle> {
  const secret = openSecret(await vault.read(originalSecretName(label)), identities);
  const local = vault.localPath?.(originalName(label)) ?? null;
  if (local !== null) return { path: local, identity: secret.identity.secret, temporary: false };
  const copy = await fetchSealed(vault, originalName(label));
  return { ...copy, identity: secret.identity.secret };
}

/** The sealed bytes in a file of this machine; nothing is left of it where they do not all come. */
async function fetchSealed(vault: Vault, name: string, seen?: (chunk: Uint8Array) => void): Promise<SealedCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-'));
  const copy = { path: join(folder, 'original.age'), temporary: true };
  try {
    const file = await open(copy.path, 'wx', 0o600);
    try {
      for await (const chunk of vault.readStream(name)) {
        const writing = file.writeFile(chunk);
        seen?.(chunk);
        await writing;
        // Pieces of a store over the network, of megabytes each: the collector would go through everything for them.
        releaseBytes(chunk);
      }
    } finally {
      await file.close();
    }
    return copy;
  } catch (error) {
    await releaseOriginal(copy);
    throw error;
  }
}

export async function releaseOriginal(handle: Pick<OriginalHandle, 'path' | 'temporary'>): Promise<void> {
  if (handle.temporary) await rm(join(handle.path, '..'), { recursive: true, force: true });
}

export function openOriginal(handle: OriginalHandle): SealedReader {
  return openSealedFileSync(handle.path, [handle.identity]);
}

/** Hash of an original's plaintext as it is stored, streamed: for `verify` with keys. */
export function hashOriginal(reader: SealedReader): string {
  const hash = createHash('sha256');
  const room = Buffer.allocUnsafeSlow(Math.min(CHUNK, reader.length));
  for (let at = 0; at < reader.length; at += CHUNK) {
    const piece = room.subarray(0, Math.min(CHUNK, reader.length - at));
    reader.readInto(at, piece);
    hash.update(piece);
  }
  return hexEncode(hash.digest());
}
