import { randomBytes } from 'node:crypto';
import { equalBytes, hexDecode, hexEncode, utf8Encode } from '@custody/bytes';
import type { CommitObject, Signer } from '@custody/chain';
import {
  type Compartment,
  compartmentKeyName,
  compartments,
  type Ledger,
  signerFromSeed,
  storeObject,
} from '@custody/segment';
import { type AgeIdentity, generateIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { usage } from './errors.ts';

/** Public half of the case's keys: where things are sealed to, and who holds what. */
export interface CompartmentKey {
  readonly recipient: string;
  /** age recipients of the persons who can open it. */
  readonly holders: readonly string[];
}

export type CompartmentKeys = Readonly<Record<Compartment, CompartmentKey>>;

/** A compartment's newest identity that a person holds, and with `all` every one there ever was. */
export interface HeldKey extends AgeIdentity {
  readonly all: readonly string[];
}

/** What the acting person can open. A compartment that is not held is absent. */
export type HeldKeys = Partial<Readonly<Record<Compartment, HeldKey>>>;

/** Makes the five compartments, each sealed to its holders. */
export async function makeCompartments(
  vault: Vault,
  holders: Readonly<Record<Compartment, readonly string[]>>,
): Promise<{ keys: CompartmentKeys; held: HeldKeys; objects: CommitObject[] }> {
  const keys: Partial<Record<Compartment, CompartmentKey>> = {};
  const held: Partial<Record<Compartment, HeldKey>> = {};
  const objects: CommitObject[] = [];
  for (const name of compartments) {
    const identity = generateIdentity();
    const sealed = seal(utf8Encode(`${identity.secret}\n`), holders[name]);
    objects.push(await storeObject(vault, compartmentKeyName(name, 1), sealed));
    keys[name] = { recipient: identity.recipient, holders: holders[name] };
    held[name] = heldKey(identity, [identity.secret]);
  }
  return { keys: keys as CompartmentKeys, held, objects };
}

/** The identity stays what it is, `secret` a getter of its class: a copy of its fields would not have it. */
function heldKey(newest: AgeIdentity, all: readonly string[]): HeldKey {
  return Object.assign(Object.create(newest) as AgeIdentity, { all });
}

/** `keys/NAME-GENERATION`, and further copies of it for persons enrolled later. */
const KEY_NAME = /^keys\/([a-z-]+)-(\d+)(?:\.[0-9a-f]+)?$/;

/** Names of the stored copies of a key, newest generation first. */
function copiesOf(names: Iterable<string>, key: string): { readonly name: string; readonly generation: number }[] {
  const out: { name: string; generation: number }[] = [];
  for (const name of names) {
    const parts = KEY_NAME.exec(name);
    if (parts?.[1] === key) out.push({ name, generation: Number(parts[2]) });
  }
  return out.sort((a, b) => b.generation - a.generation);
}

/** The newest generation of a key that commits name. */
export function newestGeneration(names: Iterable<string>, key: string): number {
  return copiesOf(names, key)[0]?.generation ?? 0;
}

/**
 * Opens the compartments that the person holds, every generation of each, from the objects that commits name (`names`):
 * what somebody else put there opens nothing.
 */
export async function openCompartments(
  vault: Vault,
  names: ReadonlyMap<string, unknown>,
  person: AgeIdentity,
): Promise<HeldKeys> {
  const keys = [...names.keys()].filter((name) => name.startsWith('keys/'));
  const held: Partial<Record<Compartment, HeldKey>> = {};
  for (const compartment of compartments) {
    const found: AgeIdentity[] = [];
    for (const { name } of copiesOf(keys, compartment)) {
      const identity = await openCopy(vault, name, [person.secret]);
      if (identity !== null) found.push(readIdentity(identity));
    }
    const [newest] = found;
    if (newest !== undefined) held[compartment] = heldKey(newest, [...new Set(found.map(({ secret }) => secret))]);
  }
  return held;
}

/** Every generation of a key that one of the identities opens, as text. */
export async function generationsHeld(
  vault: Vault,
  names: ReadonlyMap<string, unknown>,
  of: { readonly key: string; readonly identities: readonly string[] },
): Promise<Map<number, string>> {
  const out = new Map<number, string>();
  for (const { name, generation } of copiesOf(names.keys(), of.key)) {
    const text = out.has(generation) ? null : await openCopy(vault, name, of.identities);
    if (text !== null) out.set(generation, text);
  }
  return out;
}

/** Null where the copy is sealed to others, or is not there: `verify` says so. */
async function openCopy(vault: Vault, name: string, identities: readonly string[]): Promise<string | null> {
  if ((await vault.info(name)) === null) return null;
  try {
    return new TextDecoder().decode(openSealed(await vault.read(name), identities));
  } catch (error) {
    if ((error as { code?: string }).code !== 'SEALED_TO_OTHERS') throw error;
    return null;
  }
}

const LOG_SEED_NAME = 'keys/log-seed-1';
const NAMING_KEY_NAME = 'keys/naming-1';
export const LOG_SEED_KEY = 'log-seed';
export const NAMING_KEY = 'naming';

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

/** The signer whose turn it is. Throws UsageError NO_RIGHTS where the person does not hold `log`. */
export async function openLogSigner(
  vault: Vault,
  ledger: Pick<Ledger, 'objects' | 'keys'>,
  held: HeldKeys,
): Promise<Signer> {
  if (held.log === undefined) {
    throw usage(
      'NO_RIGHTS',
      'you do not hold the compartment "log" of this case, so what you do cannot be recorded: refused',
    );
  }
  return signerFromSeed(await openLogSeed(vault, ledger, held));
}

/** The seed of the log's newest key. Throws UsageError NO_RIGHTS. */
export async function openLogSeed(
  vault: Vault,
  ledger: Pick<Ledger, 'objects' | 'keys'>,
  held: HeldKeys,
): Promise<Uint8Array> {
  for (const { name } of copiesOf(ledger.objects.keys(), LOG_SEED_KEY)) {
    const text = await openCopy(vault, name, held.log?.all ?? []);
    if (text === null) continue;
    const seed = hexDecode(text);
    if (equalBytes(signerFromSeed(seed).publicKey, ledger.keys.current.publicKey)) return seed;
  }
  throw usage(
    'NO_RIGHTS',
    'the log of this case signs with a newer key, which was not given to you: ask to be enrolled',
  );
}

export async function openNamingKey(
  vault: Vault,
  names: ReadonlyMap<string, unknown>,
  held: HeldKeys,
): Promise<Uint8Array> {
  if (held.source === undefined) {
    throw usage('NO_RIGHTS', 'you do not hold the compartment "source" of this case, which originals are sealed to');
  }
  for (const { name } of copiesOf(names.keys(), NAMING_KEY)) {
    const key = await openCopy(vault, name, held.source.all);
    if (key !== null) return hexDecode(key);
  }
  throw usage('NO_RIGHTS', 'the naming key of this case was not given to you: ask to be enrolled in "source" again');
}
