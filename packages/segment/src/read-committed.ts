import { equalBytes, sha256 } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import type { Vault } from '@custody/vault';
import { broken } from './errors.ts';

/** An object that a commit names, held against the length and hash it states. Throws OBJECT_EXPUNGED for a destroyed one. */
export async function readCommitted(
  vault: Vault,
  ledger: { readonly objects: ReadonlyMap<string, CommitObject> },
  name: string,
): Promise<Uint8Array> {
  const object = ledger.objects.get(name);
  if (object === undefined) throw broken('OBJECT_MISSING', `no commit names ${name}`, { name });
  const bytes = await vault.read(name);
  if (bytes.length === 0 && object.length > 0) {
    throw broken('OBJECT_EXPUNGED', `${name} is empty: it was destroyed, by an order or by somebody`, { name });
  }
  if (bytes.length !== object.length || !equalBytes(sha256(bytes), object.sha256)) {
    throw broken('OBJECT_ALTERED', `${name} is not what its commit says: it was altered or damaged`, { name });
  }
  return bytes;
}
