import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { equalBytes } from '@custody/bytes';
import type { CommitObject, PartScratch } from '@custody/chain';
import { openSealed, seal, type Vault } from '@custody/vault';
import { buildSegment, compartmentsOf, type SegmentInput } from './build-segment.ts';
import type { ContentCompartment } from './compartment.ts';
import { broken } from './errors.ts';
import { readBack } from './ledger.ts';
import { leavesName, partName, partSecretName, type SegmentKey } from './object-names.ts';
import { drawSecret, type StoredSecret } from './object-secret.ts';

/** A part of 4,096 leaves is some MB; nothing legitimate inflates beyond this. */
const MOST_PART_BYTES = 1024 ** 3;

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

/** Draws secrets, builds, stores every object of a segment and reads it back. May run anywhere, any number of times. */
export async function storeSegment(
  vault: Vault,
  input: SegmentInput,
  keys: SegmentKeys,
  scratch?: PartScratch,
): Promise<StoredSegment> {
  const secrets = new Map<ContentCompartment, StoredSecret>();
  for (const compartment of compartmentsOf(input)) {
    const name = partSecretName(input.key, compartment);
    const recipients = keys.recipients[compartment];
    secrets.set(compartment, await drawSecret(vault, name, { recipients, identities: keys.identities }));
  }
  const salts = new Map([...secrets].map(([compartment, secret]) => [compartment, secret.saltSecret]));
  const built = buildSegment(input, salts, scratch);
  const stored = await Promise.all([
    ...[...built.parts].map(([compartment, plain]) =>
      storePart(vault, partName(input.key, compartment), plain, secrets.get(compartment) as StoredSecret),
    ),
    storeDetermined(vault, leavesName(input.key), built.leaves),
  ]);
  const objects = [...[...secrets.values()].map((secret) => secret.object), ...stored];
  return { key: input.key, count: input.to - input.from, root: built.root, objects };
}

async function storePart(vault: Vault, name: string, plain: Uint8Array, secret: StoredSecret): Promise<CommitObject> {
  if ((await vault.info(name)) === null) {
    const sealed = seal(compressPart(plain), [secret.identity.recipient]);
    if ((await vault.create(name, sealed)) === 'created') return readBack(vault, name, sealed);
  }
  // age ciphertext is random, the plaintext is not: an object that stands must hold ours.
  const stored = await vault.read(name);
  if (!equalBytes(openPart(stored, secret.identity.secret), plain)) throw notReproduced(name);
  return readBack(vault, name, stored);
}

async function storeDetermined(vault: Vault, name: string, bytes: Uint8Array): Promise<CommitObject> {
  if ((await vault.create(name, bytes)) === 'exists' && !equalBytes(await vault.read(name), bytes)) {
    throw notReproduced(name);
  }
  return readBack(vault, name, bytes);
}

/** Level 1: 310-360 MB/s, and text shrinks by more than half. */
function compressPart(plain: Uint8Array): Uint8Array {
  return zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Plaintext of a stored part. */
export function openPart(sealed: Uint8Array, identity: string): Uint8Array {
  return zstdDecompressSync(openSealed(sealed, [identity]), { maxOutputLength: MOST_PART_BYTES });
}

function notReproduced(name: string): Error {
  return broken(
    'SEGMENT_NOT_REPRODUCED',
    `${name} stands already with other content: the capture was decoded differently before. Nothing was changed`,
    { name },
  );
}
