import { utf8Decode, utf8Encode } from '@custody/bytes';
import {
  createBucket,
  type LockTerms,
  openPinnedVault,
  openVault,
  parseVaultLocation,
  readBucketTraits,
  type Vault,
} from '@custody/vault';
import { broken, usage } from './errors.ts';

/** Clear, committed by the first entry: which bucket holds the originals. Absent where they stand with all else. */
export const ORIGINALS_PLACE_NAME = 'log/originals';
/** Ours: far beyond what a bucket's name and four settings take. */
const MAX_PLACE = 4096;

export interface OriginalsPlace {
  /** `s3://bucket/prefix`, on the server of the case. */
  readonly location: string;
  /** What each original is locked with; null where the case was made without lock. */
  readonly lock: LockTerms | null;
}

/** The store of a case: one vault, whichever buckets are behind it. */
export async function openStore(location: string): Promise<Vault> {
  const vault = await openVault(location);
  if (parseVaultLocation(location).kind === 'directory') return vault;
  const info = await vault.info(ORIGINALS_PLACE_NAME);
  if (info === null) return vault;
  if (info.length > MAX_PLACE) throw brokenPlace();
  const { location: originals, lock: terms } = readPlace(await vault.read(ORIGINALS_PLACE_NAME));
  return openPinnedVault(location, { originals, terms });
}

export interface NewStore {
  readonly originals?: OriginalsPlace;
  /** Makes buckets that are not there: a plain one, and for originals one that can lock. */
  readonly createBuckets?: boolean;
}

/**
 * The store for a new case. Buckets are looked at first: destroyed secrets would live on in one that keeps versions,
 * and a lock that is asked for must be there. Throws UsageError STORE_VERSIONED, LOCK_UNAVAILABLE, ARGUMENT_INVALID.
 */
export async function openNewStore(
  location: string,
  { originals: place, createBuckets = false }: NewStore,
): Promise<Vault> {
  const onS3 = parseVaultLocation(location).kind === 's3';
  if (createBuckets && onS3) await createBucket(location, { lock: false });
  if (createBuckets && place !== undefined) await createBucket(place.location, { lock: place.lock !== null });
  if (onS3 && (await readBucketTraits(location)).versioned) {
    throw usage(
      'STORE_VERSIONED',
      `${location} is in a bucket that keeps versions: what is destroyed would live on there. Give a plain bucket; originals may have one with versions and locks of their own (--originals)`,
    );
  }
  if (place === undefined) return openVault(location);
  if (!onS3 || parseVaultLocation(place.location).kind !== 's3') {
    throw usage('ARGUMENT_INVALID', 'originals have a bucket of their own only on S3: give s3://… for both places');
  }
  await checkLock(place);
  return openPinnedVault(location, { originals: place.location, terms: place.lock });
}

async function checkLock({ location, lock }: OriginalsPlace): Promise<void> {
  const traits = await readBucketTraits(location);
  if (traits.defaultRetention) {
    throw usage(
      'LOCK_UNAVAILABLE',
      `${location} is in a bucket that locks everything as it is stored, also a failed try: remove its default retention; custody sets the lock itself once the bytes agree`,
    );
  }
  if (lock === null || traits.lock) return;
  throw usage(
    'LOCK_UNAVAILABLE',
    `${location} is in a bucket without Object Lock, so nothing there would be protected. Make one with lock (it cannot be added later on most servers), or say --no-lock: that is recorded`,
  );
}

export function encodePlace(place: OriginalsPlace): Uint8Array {
  return utf8Encode(`${JSON.stringify(place)}\n`);
}

function readPlace(bytes: Uint8Array): OriginalsPlace {
  try {
    const { location, lock } = JSON.parse(utf8Decode(bytes)) as OriginalsPlace;
    if (typeof location !== 'string' || !(lock === null || typeof lock?.hold === 'boolean')) throw brokenPlace();
    return { location, lock };
  } catch {
    throw brokenPlace();
  }
}

function brokenPlace(): Error {
  return broken('PLACE_BROKEN', `${ORIGINALS_PLACE_NAME} does not say where the originals are: altered or damaged`, {
    name: ORIGINALS_PLACE_NAME,
  });
}
