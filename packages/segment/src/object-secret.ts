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

/** A secret with the object that is to hold it. */
export interface DrawnSecret extends ObjectSecret {
  readonly sealed: Uint8Array;
}

export interface StoredSecret extends DrawnSecret {
  readonly object: CommitObject;
}

/** A new secret, sealed to `recipients` and not stored. */
export function freshSecret(recipients: readonly string[]): DrawnSecret {
  const identity = generateIdentity();
  const saltSecret = new Uint8Array(randomBytes(32));
  return { identity, saltSecret, sealed: seal(encodeCbor([identity.secret, saltSecret]), recipients) };
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
  if ((await vault.info(name)) === null) {
    const drawn = freshSecret(keys.recipients);
    if ((await vault.create(name, drawn.sealed)) === 'created') {
      return { ...drawn, object: await readBack(vault, name, drawn.sealed) };
    }
  }
  const sealed = await vault.read(name);
  const secret = openSecret(sealed, keys.identities);
  return { ...secret, sealed, object: await readBack(vault, name, sealed) };
}

/** Opens a stored secret. Throws UsageError SEALED_TO_OTHERS where none of the identities fits. */
export function openSecret(sealed: Uint8Array, identities: readonly string[]): ObjectSecret {
  const value = decodeCbor(openSealed(sealed, identities));
  const [identity, saltSecret] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (typeof identity !== 'string' || !(saltSecret instanceof Uint8Array))
    throw malformed('a stored secret is malformed');
  return { identity: readIdentity(identity), saltSecret };
}
