import { readFileSync } from 'node:fs';
import { UsageError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import type { S3Options } from './s3-connection.ts';

/** Ours: an hour. */
const MAX_TIMEOUT_S = 3600;

export type S3Environment = Readonly<Record<string, string | undefined>>;

/**
 * Server and keys of a bucket, from the environment: CUSTODY_S3_ENDPOINT, CUSTODY_S3_ACCESS_KEY, CUSTODY_S3_SECRET_KEY,
 * CUSTODY_S3_SESSION_TOKEN, CUSTODY_S3_REGION, or else their AWS names; CUSTODY_S3_CA is a file of the authorities that
 * an https server's certificate may come from; CUSTODY_S3_TIMEOUT the seconds of silence after which a request has
 * failed (30). Throws UsageError CREDENTIALS_MISSING, LOCATION_INVALID.
 */
export function s3OptionsFor(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  environment: S3Environment,
): S3Options {
  const first = (...names: string[]): string | undefined => names.map((n) => environment[n]).find((v) => v);
  const accessKey = first('CUSTODY_S3_ACCESS_KEY', 'AWS_ACCESS_KEY_ID');
  const secretKey = first('CUSTODY_S3_SECRET_KEY', 'AWS_SECRET_ACCESS_KEY');
  if (accessKey === undefined || secretKey === undefined) {
    throw new UsageError<VaultErrorCode>(
      'CREDENTIALS_MISSING',
      `No keys for s3://${bucket}/${prefix}: set CUSTODY_S3_ACCESS_KEY and CUSTODY_S3_SECRET_KEY (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).`,
    );
  }
  const region = first('CUSTODY_S3_REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1';
  const sessionToken = first('CUSTODY_S3_SESSION_TOKEN', 'AWS_SESSION_TOKEN');
  const timeout = Number(first('CUSTODY_S3_TIMEOUT') ?? Number.NaN);
  const caFile = first('CUSTODY_S3_CA');
  return {
    endpoint:
      first('CUSTODY_S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL') ?? `https://s3.${region}.amazonaws.com`,
    bucket,
    prefix,
    accessKey,
    secretKey,
    region,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(timeout > 0 && timeout <= MAX_TIMEOUT_S && { silenceMs: timeout * 1000 }),
    ...(caFile !== undefined && { ca: readAuthorities(caFile) }),
  };
}

function readAuthorities(file: string): string {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Told below, with what is to be done.
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new UsageError<VaultErrorCode>(
    'LOCATION_INVALID',
    `CUSTODY_S3_CA names ${file}, which cannot be read or holds no PEM certificate.`,
  );
}
