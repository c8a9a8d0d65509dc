import { randomBytes } from 'node:crypto';
import { hexDecode, hexEncode, utf8Encode } from '@custody/bytes';
import type { CommitObject, Signer } from '@custody/chain';
import { type Compartment, compartmentKeyName, compartments, signerFromSeed, storeObject } from '@custody/segment';
import { type AgeIdentity, generateIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { usage } from './errors.ts';

/** Public half of the case's keys: where things are sealed to, and who holds what. */
export interface CompartmentKey {
  readonly recipient: string;
  /** age recipients of the persons who can open it. */
  readonly holders: readonly string[];
}

export type CompartmentKeys = Readonly<Record<Compartment, CompartmentKey>>;

/** What the acting person can open. A compartment that is not held is absent. */
export type HeldKeys = Partial<Readonly<Record<Compartment, AgeIdentity>>>;

/** Makes the five compartments, each sealed to its holders. */
export async function makeCompartments(
  vault: Vault,
  holders: Readonly<Record<Compartment, readonly string[]>>,
): Promise<{ keys: CompartmentKeys; held: HeldKeys; objects: CommitObject[] }> {
  const keys: Partial<Record<Compartment, CompartmentKey>> = {};
  const held: Partial<Record<Compartment, AgeIdentity>> = {};
  const objects: CommitObject[] = [];
  for (const name of compartments) {
    const identity = generateIdentity();
    const sealed = seal(utf8Encode(`${identity.secret}\n`), holders[name]);
    objects.push(await storeObject(vault, compartmentKeyName(name, 1), sealed));
    keys[name] = { recipient: identity.recipient, holders: holders[name] };
    held[name] = identity;
  }
  return { keys: keys as CompartmentKeys, held, objects };
}

/** Opens the compartments that the person holds. */
export async function openCompartments(vault: Vault, person: AgeIdentity): Promise<HeldKeys> {
  const held: Partial<Record<Compartment, AgeIdentity>> = {};
  for (const name of compartments) {
    const stored = compartmentKeyName(name, 1);
    if ((await vault.info(stored)) === null) continue;
    try {
      held[name] = readIdentity(new TextDecoder().decode(openSealed(await vault.read(stored), [person.secret])));
    } catch (error) {
      if ((error as { code?: string }).code !== 'SEALED_TO_OTHERS') throw error;
    }
  }
  return held;
}

const LOG_SEED_NAME = 'keys/log-seed-1';
const NAMING_KEY_NAME = 'keys/naming-1';

/** The log's signing seed, for holders of `log`; the key that names originals, for holders of `source`. */
export async function makeCaseSecrets(
  vault: Vault,
  keys: CompartmentKeys,
): Promise<{ signer: Signer; namingKey: Uint8Array; objects: CommitObject[] }> {
  const seed = new Uint8Array(randomBytes(32));
  const namingKey = new Uint8Array(randomBytes(32));
  const objects = [
    await storeObject(vault, LOG_SEED_NAME, seal(utf8Encode(hexEncode(seed)), [keys.log.recipient])),
    await storeObject(vault, NAMING_KEY_NAME, seal(utf8Encode(hexEncode(namingKey)), [keys.source.recipient])),
  ];
  return { signer: signerFromSeed(seed), namingKey, objects };
}

/** Throws UsageError NO_RIGHTS where the person does not hold `log`. */
export async function openLogSigner(vault: Vault, held: HeldKeys): Promise<Signer> {
  if (held.log === undefined) {
    throw usage(
      'NO_RIGHTS',
      'you do not hold the compartment "log" of this case, so what you do cannot be recorded: refused',
    );
  }
  return signerFromSeed(hexDecode(await openText(vault, LOG_SEED_NAME, held.log)));
}

export async function openNamingKey(vault: Vault, held: HeldKeys): Promise<Uint8Array> {
  if (held.source === undefined) {
    throw usage('NO_RIGHTS', 'you do not hold the compartment "source" of this case, which originals are sealed to');
  }
  return hexDecode(await openText(vault, NAMING_KEY_NAME, held.source));
}

async function openText(vault: Vault, name: string, identity: AgeIdentity): Promise<string> {
  return new TextDecoder().decode(openSealed(await vault.read(name), [identity.secret]));
}
