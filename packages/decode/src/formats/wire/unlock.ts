import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { type Keyring, MOST_CANDIDATES } from '../../keyring.ts';
import { candidatesFor } from '../../keys/candidates.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { passwordOf } from '../../keys/password-of.ts';
import { finding } from '../../make-finding.ts';
import { HEADER_LENGTH } from './layout.ts';
import { SecretStream } from './secret-stream.ts';
import { deriveHash, isAccount, type WireHeader } from './wire-header.ts';

export const KEY_PURPOSE = 'wire-backup';

export interface UnlockedWire {
  readonly stream: SecretStream;
  readonly keyId: string;
}

/** The supplied password under which the whole backup authenticates; else the finding that says why there is none. */
export function unlockWire(
  source: ByteSource,
  header: WireHeader,
  { keyring, path }: { readonly keyring: Keyring; readonly path: string },
): UnlockedWire | Finding {
  const fail = (code: Finding['code'], detail: string): Finding => finding(code, path, { records: null, detail });
  const { keys, tooMany } = candidatesFor(keyring, [KEY_PURPOSE, 'file'], (key) => passwordOf(key) !== null);
  if (tooMany !== null) {
    return fail(
      'LIMIT_EXCEEDED',
      `${tooMany} supplied passwords could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`,
    );
  }
  if (keys.length === 0) {
    return fail(
      'KEY_MISSING',
      `No password was supplied. Needed: {"for": "${KEY_PURPOSE}", "passphrase": "…", "id": "the user's id, if known"}.`,
    );
  }
  const others: string[] = [];
  let damaged = false;
  for (const supplied of keys) {
    const { id, source: from } = supplied;
    const key = deriveHash(header, passwordOf(supplied) as string);
    const stream = new SecretStream(source, HEADER_LENGTH, key);
    if (stream.verifies()) return { stream, keyId: keyIdOf(key) };
    damaged ||= beginsAsZip(stream);
    if (id !== undefined && !isAccount(header, id)) others.push(from);
  }
  if (damaged) {
    return fail(
      'KEY_PROVEN_THEN_DAMAGE',
      'The password opens the beginning of the backup, but the code over the whole does not verify: it is damaged or cut off, and one code protects all of it.',
    );
  }
  if (others.length > 0) {
    return fail(
      'KEY_NOT_VERIFIED',
      `The backup is of another account than the one whose id was supplied (${[...new Set(others)].join(', ')}).`,
    );
  }
  return fail(
    'KEY_NOT_VERIFIED',
    'No supplied password opens the backup: it is of another one, or the header is damaged.',
  );
}

/** The tag of a last message and the first four bytes of a ZIP: 2^-40 likely under a wrong key. */
function beginsAsZip(stream: SecretStream): boolean {
  const [first] = stream.plaintext();
  if (first === undefined || !stream.isFinal) return false;
  return first[0] === 0x50 && first[1] === 0x4b && first[2] === 3 && first[3] === 4;
}
