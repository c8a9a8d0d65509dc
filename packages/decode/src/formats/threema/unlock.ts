import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Keyring } from '../../keyring.ts';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { candidatesFor } from '../../keys/candidates.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { passwordOf } from '../../keys/password-of.ts';
import { finding } from '../../make-finding.ts';
import { aesBodyOf, aesKeys, aesVerifies, type ZipMember } from '../../zip/index.ts';

export const KEY_PURPOSE = 'threema-backup';

/** Members that are looked at with each password while none has authenticated; their verifiers alone tell wrong ones. */
const MOST_LOOKED_AT = 64;

export interface UnlockedZip {
  readonly password: string;
  /** Of the code key of one member: the password itself has no id, as one could be guessed from it. */
  readonly keyId: string;
  /** False: the verifiers of several members fit, but none of those looked at authenticates. */
  readonly proven: boolean;
}

/**
 * The supplied password under which a member authenticates. Two bytes in front of each member tell a wrong password but
 * for one in 65,536, so only the code over a member proves one; where no code verifies, verifiers that fit throughout
 * (one chance in 2^32 and less) tell damage from a wrong password.
 */
export function unlockZip(
  zip: ByteSource,
  members: readonly ZipMember[],
  { keyring, path }: { readonly keyring: Keyring; readonly path: string },
): UnlockedZip | Finding {
  const candidates = candidatesFor(keyring, [KEY_PURPOSE, 'file'], (key) => passwordOf(key) !== null);
  if (candidates.tooMany !== null) {
    const detail = `${candidates.tooMany} supplied passwords could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    return finding('LIMIT_EXCEEDED', path, { records: null, detail });
  }
  if (candidates.keys.length === 0) {
    const detail = `No password was supplied. Needed: {"for": "${KEY_PURPOSE}", "passphrase": "…"}.`;
    return finding('KEY_MISSING', path, { records: null, detail });
  }
  const bodies = [...members]
    .sort((a, b) => a.packed - b.packed)
    .flatMap((member) => aesBodyOf(zip, member) ?? [])
    .slice(0, MOST_LOOKED_AT);
  if (!members.some(({ encryption }) => encryption === 'aes')) {
    const detail = 'No member of the ZIP is encrypted the WinZip way; the app encrypts every member.';
    return finding('FORMAT_UNKNOWN', path, { records: null, detail });
  }
  if (bodies.length === 0) {
    const detail = 'No encrypted member of the ZIP is whole, so no password can be judged.';
    return finding('TRUNCATED', path, { records: null, detail });
  }
  let fitting: UnlockedZip | null = null;
  for (const key of candidates.keys) {
    const password = passwordOf(key) as string;
    let fits = 0;
    let keyId = '';
    for (const body of bodies) {
      const keys = aesKeys(body, password);
      if (keys === null) continue;
      fits++;
      keyId ||= keyIdOf(keys.macKey);
      if (aesVerifies(body, keys)) return { password, keyId: keyIdOf(keys.macKey), proven: true };
    }
    if (fits >= 2 && fits * 2 >= bodies.length) fitting ??= { password, keyId, proven: false };
  }
  if (fitting !== null) return fitting;
  const sources = [...new Set(candidates.keys.map((key) => key.source))].join(', ');
  const detail = `No supplied password (${sources}) fits the verification bytes of the members: it is the password of another backup.`;
  return finding('KEY_NOT_VERIFIED', path, { records: null, detail });
}
