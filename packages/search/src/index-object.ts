import { hexEncode, sha256, sha256Hex, utf8Encode } from '@custody/bytes';
import { partAltered } from './errors.ts';

const LABEL = 'custody-index-v1 ';
/** `custody-index-v1 `, 64 hex digits, a line feed. */
const LINE_LENGTH = LABEL.length + 64 + 1;

/**
 * A stored object: one line that names the format and the SHA-256 of what follows, so that damage is found and named
 * without any key, then an age file.
 */
export function wrapIndexObject(sealed: Uint8Array): Uint8Array {
  const line = utf8Encode(`${LABEL}${hexEncode(sha256(sealed))}\n`);
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
 * Checks one stored object of the index without a key: nothing in it was altered since it was written.
 * `name` is for the message. Throws IntegrityError INDEX_PART_ALTERED.
 */
export function verifyTile(bytes: Uint8Array, name: string): void {
  const sealed = sealedPartOf(bytes, name);
  const expected = utf8Encode(`${LABEL}${sha256Hex(sealed)}\n`);
  for (let i = 0; i < LINE_LENGTH; i++) {
    if (bytes[i] === expected[i]) continue;
    const where =
      i < LABEL.length ? 'its first line is not custody-index-v1' : 'its bytes do not have the SHA-256 it states';
    throw partAltered(name, where);
  }
}
