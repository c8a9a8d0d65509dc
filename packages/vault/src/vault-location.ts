import { resolve } from 'node:path';
import { UsageError } from '@custody/bytes';
import { openDirectoryVault } from './directory-vault.ts';
import type { VaultErrorCode } from './errors.ts';
import { isObjectName } from './object-name.ts';
import { openS3Vault } from './s3-vault.ts';
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

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the vault at a location. For S3 the server and keys come from the environment: CUSTODY_S3_ENDPOINT,
 * CUSTODY_S3_ACCESS_KEY, CUSTODY_S3_SECRET_KEY, CUSTODY_S3_SESSION_TOKEN, CUSTODY_S3_REGION, or else their AWS names.
 * Throws UsageError LOCATION_INVALID, CREDENTIALS_MISSING.
 */
export async function openVault(location: string, environment: Environment = process.env): Promise<Vault> {
  const place = parseVaultLocation(location);
  if (place.kind === 'directory') return openDirectoryVault(place.path);
  const first = (...names: string[]): string | undefined => names.map((n) => environment[n]).find((v) => v);
  const accessKey = first('CUSTODY_S3_ACCESS_KEY', 'AWS_ACCESS_KEY_ID');
  const secretKey = first('CUSTODY_S3_SECRET_KEY', 'AWS_SECRET_ACCESS_KEY');
  if (accessKey === undefined || secretKey === undefined) {
    throw new UsageError<VaultErrorCode>(
      'CREDENTIALS_MISSING',
      `No keys for ${location}: set CUSTODY_S3_ACCESS_KEY and CUSTODY_S3_SECRET_KEY (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).`,
    );
  }
  const region = first('CUSTODY_S3_REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1';
  const sessionToken = first('CUSTODY_S3_SESSION_TOKEN', 'AWS_SESSION_TOKEN');
  return openS3Vault({
    endpoint:
      first('CUSTODY_S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL') ?? `https://s3.${region}.amazonaws.com`,
    bucket: place.bucket,
    prefix: place.prefix,
    accessKey,
    secretKey,
    region,
    ...(sessionToken !== undefined && { sessionToken }),
  });
}
