import { randomBytes } from 'node:crypto';
import { type CborValue, decodeCbor, encodeCbor } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { type AgeIdentity, generateIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { malformed } from './errors.ts';
import { readBack } from './ledger.ts';

/** What opens one stored object, and for a part the secret its salts come from. Destroying it destroys the content. */
export interface ObjectSecret {
  readonly identity: AgeIdentity;
  readonly saltSecret: Uint8Array;
}

export interface StoredSecret extends ObjectSecret {
  readonly object: CommitObject;
}

/**
 * The secret of an object: drawn at random by whoever comes first, read by everybody else. From the moment it
 * stands the plaintext of what it belongs to is determined.
 */
export async function drawSecret(
  vault: Vault,
  name: string,
  keys: { readonly recipients: readonly string[]; readonly identities: readonly string[] },
): Promise<StoredSecret> {
  const identity = generateIdentity();
  const saltSecret = new Uint8Array(randomBytes(32));
  const sealed = seal(encodeCbor([identity.secret, saltSecret]), keys.recipients);
  if ((await vault.info(name)) === null && (await vault.create(name, sealed)) === 'created') {
    const object = await readBack(vault, name, sealed);
    return { identity, saltSecret, object };
  }
  const stored = await vault.read(name);
  const secret = openSecret(stored, keys.identities);
  return { ...secret, object: await readBack(vault, name, stored) };
}

/** Opens a stored secret. Throws UsageError SEALED_TO_OTHERS where none of the identities fits. */
export function openSecret(sealed: Uint8Array, identities: readonly string[]): ObjectSecret {
  const value = decodeCbor(openSealed(sealed, identities));
  const [identity, saltSecret] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (typeof identity !== 'string' || !(saltSecret instanceof Uint8Array))
    throw malformed('a stored secret is malformed');
  return { identity: readIdentity(identity), saltSecret };
}
