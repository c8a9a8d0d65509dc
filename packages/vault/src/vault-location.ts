import { resolve } from 'node:path';
import { CustodyError, UsageError } from '@custody/bytes';
import { type DirectoryVaultOptions, openDirectoryVault } from './directory-vault.ts';
import type { VaultErrorCode } from './errors.ts';
import { isObjectName } from './object-name.ts';
import { type LockTerms, PinnedVault } from './pinned-vault.ts';
import { connectS3, type S3Options } from './s3-connection.ts';
import { s3Error } from './s3-fault.ts';
import { type BucketTraits, bucketTraits } from './s3-lock.ts';
import { type S3Environment, s3OptionsFor } from './s3-options.ts';
import { S3Vault } from './s3-vault.ts';
import type { Vault } from './vault.ts';

export type VaultLocation =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * `s3://bucket/prefix` or the path of a directory. The prefix may be absent; it follows the rules of object names.
 * Throws UsageError LOCATION_INVALID.
 */
export function parseVaultLocation(location: string): VaultLocation {
  if (location === '' || location.includes('\0')) throw invalid('it is empty or holds a NUL byte');
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(location)?.[1];
  if (scheme === undefined) return { kind: 'directory', path: resolve(location) };
  if (scheme !== 's3') throw invalid(`${scheme}:// is not supported; give a directory or s3://bucket/prefix`);
  const [bucket = '', ...rest] = location.slice('s3://'.length).replace(/\/$/, '').split('/');
  if (!BUCKET.test(bucket) || bucket.includes('..'))
    throw invalid(`${JSON.stringify(bucket.slice(0, 70))} is no bucket name`);
  const prefix = rest.join('/');
  if (rest.length > 0 && !isObjectName(prefix)) throw invalid('use a-z 0-9 . _ - and single slashes in the prefix');
  return { kind: 's3', bucket, prefix };
}

function invalid(why: string): UsageError<VaultErrorCode> {
  return new UsageError('LOCATION_INVALID', `Not a place for a vault: ${why}.`);
}

/** Opens the vault at a location; `options` are for directories, for S3 see s3OptionsFor. Throws UsageError LOCATION_INVALID, CREDENTIALS_MISSING. */
export async function openVault(
  location: string,
  environment: S3Environment = process.env,
  options: Pick<DirectoryVaultOptions, 'blocking'> = {},
): Promise<Vault> {
  const place = parseVaultLocation(location);
  return place.kind === 'directory' ? openDirectoryVault(place.path, options) : openPlain(location, environment);
}

/**
 * Opens the vault at `location` with what stands below `originals/` in the bucket at `originals`, locked as `terms` say
 * (null: not locked). Both must be on S3. Throws UsageError LOCATION_INVALID, CREDENTIALS_MISSING.
 */
export async function openPinnedVault(
  location: string,
  other: { readonly originals: string; readonly terms: LockTerms | null },
  environment: S3Environment = process.env,
): Promise<PinnedVault> {
  const options = s3OptionsAt(other.originals, environment);
  const connection = await connectS3(options);
  return new PinnedVault(await openPlain(location, environment), { connection, options }, other.terms);
}

/** Whether the bucket at a location keeps versions and can lock. Throws UsageError STORE_REFUSED. */
export async function readBucketTraits(
  location: string,
  environment: S3Environment = process.env,
): Promise<BucketTraits> {
  try {
    return await bucketTraits(await connectS3(s3OptionsAt(location, environment)));
  } catch (error) {
    throw error instanceof CustodyError ? error : s3Error(error, { doing: 'looking at', what: 'the bucket', location });
  }
}

/** Makes the bucket of a location where it is not there. Throws UsageError STORE_REFUSED. */
export async function createBucket(
  location: string,
  { lock }: { readonly lock: boolean },
  environment: S3Environment = process.env,
): Promise<void> {
  try {
    await (await connectS3(s3OptionsAt(location, environment))).makeBucket(lock);
  } catch (error) {
    throw error instanceof CustodyError ? error : s3Error(error, { doing: 'making', what: 'the bucket', location });
  }
}

async function openPlain(location: string, environment: S3Environment): Promise<S3Vault> {
  const options = s3OptionsAt(location, environment);
  return new S3Vault(await connectS3(options), options);
}

/** Server, keys and place of a location on S3. Throws UsageError LOCATION_INVALID, CREDENTIALS_MISSING. */
export function s3OptionsAt(location: string, environment: S3Environment): S3Options {
  const place = parseVaultLocation(location);
  if (place.kind === 'directory') throw invalid('give s3://bucket/prefix for both, the case and its originals');
  return s3OptionsFor(place, environment);
}
