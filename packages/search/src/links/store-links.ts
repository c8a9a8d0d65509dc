import { generateIdentity, openSealed, seal, type Vault } from '@custody/vault';
import { sealedPartOf, wrapIndexObject } from '../index-object.ts';
import { createTileKey, readTileKey } from '../tile-key.ts';
import { earlierNames, INDEX_PREFIX, tileKeyName } from '../tile-names.ts';
import { LinksIndex } from './links-index.ts';

/** Stored links indexes stand here: one for each state of the case that somebody asked about. */
export const LINKS_PREFIX: string = `${INDEX_PREFIX}links/`;
const KEYS_PREFIX: string = tileKeyName('links/');

/** What a stored links index consists of, by the label of the state it was made from. */
export function linksObjectNames(label: string): string[] {
  return [`${KEYS_PREFIX}${label}`, `${LINKS_PREFIX}${label}`];
}

/** The label that an object's name holds; null where it belongs to no links index. */
export function linksLabelOf(name: string): string | null {
  const stands = [LINKS_PREFIX, KEYS_PREFIX].flatMap((prefix) => [prefix, ...earlierNames(prefix)]);
  for (const prefix of stands) if (name.startsWith(prefix)) return name.slice(prefix.length);
  return null;
}

/**
 * Stores a links index, created once, sealed to an identity of its own that is sealed to `recipient`. Throws
 * UnavailableError.
 */
export async function storeLinks(vault: Vault, label: string, plain: Uint8Array, recipient: string): Promise<void> {
  const [, name] = linksObjectNames(label) as [string, string];
  const identity = generateIdentity();
  if (!(await createTileKey(vault, tileKeyName(`links/${label}`), identity, recipient))) return;
  await vault.create(name, wrapIndexObject(name, seal(plain, [identity.recipient])), { durable: false });
}

/**
 * The stored index, or null where there is none. Throws IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED,
 * INDEX_PART_MALFORMED; UsageError SEALED_TO_OTHERS.
 */
export async function openLinks(
  vault: Vault,
  label: string,
  identities: readonly string[],
): Promise<LinksIndex | null> {
  const identity = await readTileKey(vault, `links/${label}`, identities);
  const [, name] = linksObjectNames(label) as [string, string];
  if (identity === null || (await vault.info(name)) === null) return null;
  const object = await vault.read(name);
  if (object.length === 0) return null;
  return new LinksIndex(openSealed(sealedPartOf(object, name), [identity]));
}
