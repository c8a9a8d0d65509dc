import { createSha256, equalBytes, hexEncode, type Sha256, utf8Encode } from '@custody/bytes';
import type { Vault } from '@custody/vault';
import { partAltered } from './errors.ts';
import { isMergedPart } from './tile-names.ts';

const LABEL = 'custody-index-v1 ';
/** `custody-index-v1 `, 64 hex digits, a line feed. */
export const LINE_LENGTH: number = LABEL.length + 64 + 1;

/**
 * A stored object: one line that names the format and a SHA-256 over the object's name and what follows, so that damage
 * and exchange are found and named without any key, then an age file.
 */
export function wrapIndexObject(name: string, sealed: Uint8Array): Uint8Array {
  const line = lineOf(name, sealed);
  const object = new Uint8Array(line.length + sealed.length);
  object.set(line);
  object.set(sealed, line.length);
  return object;
}

/** The age file within a stored object. The line is checked by `verifyTile`; opening authenticates the file anyway. */
export function sealedPartOf(object: Uint8Array, name: string): Uint8Array {
  if (object.length < LINE_LENGTH) throw partAltered(name, 'it is cut short');
  return object.subarray(LINE_LENGTH);
}

/**
 * Checks one stored object of the index without a key: nothing in it was altered since it was written under `name`.
 * Throws IntegrityError INDEX_PART_ALTERED.
 */
export function verifyTile(bytes: Uint8Array, name: string): void {
  const sealed = sealedPartOf(bytes, name);
  const expected = lineOf(name, sealed);
  for (let i = 0; i < LINE_LENGTH; i++) {
    if (bytes[i] === expected[i]) continue;
    const where =
      i < LABEL.length
        ? 'its first line is not custody-index-v1'
        : 'its name and bytes do not have the SHA-256 it states';
    throw partAltered(name, where);
  }
}

/**
 * Checks one stored index object of any level without a key and in bounded memory, as `verifyTile` does for whole ones:
 * the parts of merged tiles end with their line. Throws IntegrityError INDEX_PART_ALTERED, OBJECT_MISSING.
 */
export async function verifyIndexObject(vault: Vault, name: string): Promise<void> {
  if (!isMergedPart(name)) {
    verifyTile(await vault.read(name), name);
    return;
  }
  const sum = sumOf(name);
  let tail: Uint8Array = new Uint8Array(0);
  for await (const piece of vault.readStream(name)) {
    const held = new Uint8Array(tail.length + piece.length);
    held.set(tail);
    held.set(piece, tail.length);
    const sealed = Math.max(0, held.length - LINE_LENGTH);
    sum.update(held.subarray(0, sealed));
    tail = held.slice(sealed);
  }
  if (!equalBytes(tail, sumLine(sum.digest()))) {
    throw partAltered(name, 'its name and bytes do not have the SHA-256 it ends with');
  }
}

/** `custody-index-v1 `, SHA-256 of `name || 0x0A || sealed` in hex, a line feed. */
function lineOf(name: string, sealed: Uint8Array): Uint8Array {
  return sumLine(sumOf(name).update(sealed).digest());
}

/** A sum that the sealed bytes are still to be added to. */
export function sumOf(name: string): Sha256 {
  return createSha256().update(utf8Encode(`${name}\n`));
}

export function sumLine(digest: Uint8Array): Uint8Array {
  return utf8Encode(`${LABEL}${hexEncode(digest)}\n`);
}
