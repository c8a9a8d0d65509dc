import { equalBytes, releaseBytes } from '@custody/bytes';
import type { CommitObject, SaltSource } from '@custody/chain';
import { type AgeIdentity, openSealed, seal, type Vault } from '@custody/vault';
import {
  type BuiltSegment,
  buildSegment,
  compartmentsOf,
  type SegmentInput,
  type SegmentScratch,
} from './build-segment.ts';
import type { ContentCompartment } from './compartment.ts';
import { compressPart, decompressPart } from './compress-part.ts';
import { broken } from './errors.ts';
import { readBack } from './ledger.ts';
import { leavesName, partName, partSecretName, type SegmentKey } from './object-names.ts';
import { type DrawnSecret, drawSecret, freshSecret, type ObjectSecret, saltSource } from './object-secret.ts';

/** Recipients and identities a writer of segments needs, by content compartment. */
export interface SegmentKeys {
  /** Public: where each compartment's secrets are sealed to, `source` included. */
  readonly recipients: Readonly<Record<ContentCompartment, readonly string[]>>;
  /** Opens secrets that another writer drew first: the `source` compartment's identity. */
  readonly identities: readonly string[];
}

/** A segment that is stored and ready to be committed. */
export interface StoredSegment {
  readonly key: SegmentKey;
  readonly count: number;
  readonly root: Uint8Array;
  readonly objects: readonly CommitObject[];
}

/** A segment as bytes under secrets drawn for it: nothing of it is stored yet, and its input is not needed any more. */
export interface PreparedSegment {
  readonly key: SegmentKey;
  readonly count: number;
  readonly root: Uint8Array;
  readonly leaves: Uint8Array;
  readonly secrets: readonly { readonly name: string; readonly sealed: Uint8Array }[];
  readonly parts: readonly { readonly name: string; readonly sealed: Uint8Array }[];
}

/** Memory kept from segment to segment, and whom to tell what was done. */
export interface SegmentWork {
  readonly scratch?: SegmentScratch;
  readonly lap?: (stage: 'digest' | 'compress') => void;
}

/** Draws secrets and builds; stores nothing. */
export function prepareSegment(input: SegmentInput, keys: SegmentKeys, { scratch, lap }: SegmentWork): PreparedSegment {
  const drawn = new Map<ContentCompartment, DrawnSecret>();
  for (const name of compartmentsOf(input)) drawn.set(name, freshSecret(keys.recipients[name]));
  const { root, leaves, parts } = buildOnce(input, drawn, scratch);
  lap?.('digest');
  const sealed = [...parts].map(([compartment, plain]) => ({
    name: partName(input.key, compartment),
    sealed: sealPart(plain, drawn.get(compartment) as DrawnSecret),
  }));
  lap?.('compress');
  const secrets = [...drawn].map(([name, secret]) => ({
    name: partSecretName(input.key, name),
    sealed: secret.sealed,
  }));
  return { key: input.key, count: input.to - input.from, root, leaves, secrets, parts: sealed };
}

/** With salts that nobody needs afterwards: a megabyte or so a part. */
function buildOnce(
  input: SegmentInput,
  drawn: ReadonlyMap<ContentCompartment, DrawnSecret>,
  scratch: SegmentScratch | undefined,
): BuiltSegment {
  const streams: Uint8Array[] = [];
  const once = ([name, source]: [ContentCompartment, SaltSource]): [ContentCompartment, SaltSource] => {
    const kept = (blocks: number) => {
      const salts = source(blocks);
      streams.push(salts);
      return salts;
    };
    return [name, kept];
  };
  const built = buildSegment(input, new Map([...saltsOf(drawn)].map(once)), scratch);
  for (const salts of streams) releaseBytes(salts);
  return built;
}

/** Gives back the memory of a segment that is stored, or never will be. */
export function releasePrepared({ leaves, parts }: PreparedSegment): void {
  for (const bytes of [leaves, ...parts.map(({ sealed }) => sealed)]) releaseBytes(bytes);
}

/**
 * Stores every object of a prepared segment and reads it back. Null where another writer's secret, part or leaves stand
 * already: then `storeSegment` builds it again with what stands.
 */
export async function storePrepared(vault: Vault, prepared: PreparedSegment): Promise<StoredSegment | null> {
  const { key, count, root } = prepared;
  // A part that is there while its secret is lost in a power failure could never be reproduced: secrets come first.
  const secrets = await createAll(vault, prepared.secrets);
  if (secrets === null) return null;
  const objects = await createAll(vault, [...prepared.parts, { name: leavesName(key), sealed: prepared.leaves }]);
  return objects && { key, count, root, objects: [...secrets, ...objects] };
}

/** Null where any of them stood already. */
async function createAll(
  vault: Vault,
  objects: readonly { readonly name: string; readonly sealed: Uint8Array }[],
): Promise<readonly CommitObject[] | null> {
  const created = await Promise.all(
    objects.map(async ({ name, sealed }) =>
      (await vault.create(name, sealed)) === 'created' ? readBack(vault, name, sealed) : null,
    ),
  );
  return created.every((object) => object !== null) ? created : null;
}

/** Draws secrets or takes those that stand, builds, stores every object of a segment and reads it back. Any number of times. */
export async function storeSegment(vault: Vault, input: SegmentInput, keys: SegmentKeys): Promise<StoredSegment> {
  const secrets = new Map<ContentCompartment, DrawnSecret>();
  const objects: CommitObject[] = [];
  for (const compartment of compartmentsOf(input)) {
    const name = partSecretName(input.key, compartment);
    const recipients = keys.recipients[compartment];
    const secret = await drawSecret(vault, name, { recipients, identities: keys.identities });
    secrets.set(compartment, secret);
    objects.push(secret.object);
  }
  const built = buildSegment(input, saltsOf(secrets));
  const stored = await Promise.all([
    ...[...built.parts].map(([compartment, plain]) =>
      storePart(vault, partName(input.key, compartment), plain, secrets.get(compartment) as ObjectSecret),
    ),
    storeDetermined(vault, leavesName(input.key), built.leaves),
  ]);
  return { key: input.key, count: input.to - input.from, root: built.root, objects: [...objects, ...stored] };
}

function saltsOf(secrets: ReadonlyMap<ContentCompartment, ObjectSecret>): Map<ContentCompartment, SaltSource> {
  return new Map([...secrets].map(([compartment, { salts }]) => [compartment, saltSource(salts)]));
}

/** Stores the part of a segment, or holds what stands against it. */
export async function storePart(
  vault: Vault,
  name: string,
  plain: Uint8Array,
  secret: ObjectSecret,
): Promise<CommitObject> {
  if ((await vault.info(name)) === null) {
    const sealed = sealPart(plain, secret);
    if ((await vault.create(name, sealed)) === 'created') return readBack(vault, name, sealed);
  }
  // age ciphertext is random, the plaintext is not: an object that stands must hold ours.
  const stored = await vault.read(name);
  if (!equalBytes(openPart(stored, secret.identity), plain)) throw notReproduced(name);
  return readBack(vault, name, stored);
}

async function storeDetermined(vault: Vault, name: string, bytes: Uint8Array): Promise<CommitObject> {
  if ((await vault.create(name, bytes)) === 'exists' && !equalBytes(await vault.read(name), bytes)) {
    throw notReproduced(name);
  }
  return readBack(vault, name, bytes);
}

function sealPart(plain: Uint8Array, secret: ObjectSecret): Uint8Array {
  const compressed = compressPart(plain);
  const sealed = seal(compressed, [secret.identity.asRecipient]);
  releaseBytes(compressed);
  return sealed;
}

/** Plaintext of a stored part. */
export function openPart(sealed: Uint8Array, identity: AgeIdentity | string): Uint8Array {
  const compressed = openSealed(sealed, [identity]);
  const plain = decompressPart(compressed);
  releaseBytes(compressed);
  return plain;
}

function notReproduced(name: string): Error {
  return broken(
    'SEGMENT_NOT_REPRODUCED',
    `${name} stands already with other content: the capture was decoded differently before. Nothing was changed`,
    { name },
  );
}
