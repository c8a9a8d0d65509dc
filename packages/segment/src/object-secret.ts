import { randomBytes } from 'node:crypto';
import { type CborValue, decodeCbor, encodeCbor } from '@custody/bytes';
import { type CommitObject, type SaltSource, saltsOf } from '@custody/chain';
import { type AgeIdentity, generateIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { broken, malformed } from './errors.ts';
import { readBack } from './ledger.ts';
import { saltStream } from './salt-stream.ts';

/** What opens one stored object, and for a part where its salts come from. Destroying it destroys the content. */
export interface ObjectSecret {
  readonly identity: AgeIdentity;
  readonly salts: PartSalts;
}

/** A secret that all salts of a part are derived from, or, after a rewrite, the salts of what is left. */
export type PartSalts = { readonly secret: Uint8Array } | { readonly list: Uint8Array };

/** Salts of a part in the order of packages/chain/SPEC.md section 2. */
export function saltSource(salts: PartSalts): SaltSource {
  return 'list' in salts ? () => salts.list : saltsOf(salts.secret, saltStream);
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
  const secret = new Uint8Array(randomBytes(32));
  return { identity, salts: { secret }, sealed: seal(encodeCbor([identity.secret, secret]), recipients) };
}

/** A secret of a rewritten part: nothing in it leads to the salt of a leaf that is not listed. */
export function freshListedSecret(list: Uint8Array, recipients: readonly string[]): DrawnSecret {
  const identity = generateIdentity();
  return { identity, salts: { list }, sealed: seal(encodeCbor([identity.secret, null, list]), recipients) };
}

/**
 * The secret of an object: drawn at random by whoever comes first, read by everybody else. From the moment it
 * stands the plaintext of what it belongs to is determined.
 */
export async function drawSecret(
  vault: Vault,
  name: string,
  keys: { readonly recipients: readonly string[]; readonly identities: readonly string[] },
  draw: (recipients: readonly string[]) => DrawnSecret = freshSecret,
): Promise<StoredSecret> {
  if ((await vault.info(name)) === null) {
    const drawn = draw(keys.recipients);
    if ((await vault.create(name, drawn.sealed)) === 'created') {
      return { ...drawn, object: await readBack(vault, name, drawn.sealed) };
    }
  }
  const sealed = await vault.read(name);
  const secret = openSecret(sealed, keys.identities, name);
  return { ...secret, sealed, object: await readBack(vault, name, sealed) };
}

/**
 * Opens a stored secret. Throws UsageError SEALED_TO_OTHERS where none of the identities fits, IntegrityError
 * OBJECT_EXPUNGED where it was destroyed: what it opened does not come back.
 */
export function openSecret(sealed: Uint8Array, identities: readonly string[], name = 'a stored secret'): ObjectSecret {
  if (sealed.length === 0) throw expunged(name);
  const value = decodeCbor(openSealed(sealed, identities));
  const [identity, secret, list] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (typeof identity !== 'string') throw malformed('a stored secret is malformed');
  if (secret instanceof Uint8Array && list === undefined)
    return { identity: readIdentity(identity), salts: { secret } };
  if (secret === null && list instanceof Uint8Array) return { identity: readIdentity(identity), salts: { list } };
  throw malformed('a stored secret is malformed');
}

function expunged(name: string): Error {
  return broken('OBJECT_EXPUNGED', `${name} was destroyed under an order: what it opened does not come back`, { name });
}
