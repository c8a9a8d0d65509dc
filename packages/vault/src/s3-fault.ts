import { IntegrityError, UnavailableError, UsageError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import { missing, type StoreAct } from './store-error.ts';

/** An HTTP answer that is handled by its number alone. */
export class HttpFault extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** What a failed request means for the caller. */
export type S3Outcome =
  | 'missing'
  | 'taken'
  | 'conflict'
  | 'short'
  | 'gone'
  | 'absent'
  | 'refused'
  | 'distrusted'
  | 'full'
  | 'away';

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; Ceph and MinIO use the same codes. Those of
 * certificates are OpenSSL's, https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const BY_CODE: Readonly<Record<string, S3Outcome>> = {
  NoSuchKey: 'missing',
  NotFound: 'missing',
  NoSuchUpload: 'gone',
  InvalidRange: 'short',
  ObjectLockConfigurationNotFoundError: 'absent',
  NoSuchObjectLockConfiguration: 'absent',
  NotImplemented: 'absent',
  InvalidRequest: 'absent',
  InvalidArgument: 'absent',
  PreconditionFailed: 'taken',
  NoSuchBucket: 'refused',
  AccessDenied: 'refused',
  InvalidAccessKeyId: 'refused',
  SignatureDoesNotMatch: 'refused',
  RequestTimeTooSkewed: 'refused',
  AuthorizationHeaderMalformed: 'refused',
  MethodNotAllowed: 'refused',
  MovedPermanently: 'refused',
  PermanentRedirect: 'refused',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'distrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'distrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'distrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'distrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'distrusted',
  CERT_HAS_EXPIRED: 'distrusted',
  CERT_NOT_YET_VALID: 'distrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'distrusted',
  QuotaExceeded: 'full',
  EntityTooLarge: 'full',
};
/** Conditional writes: 412 where the object exists, 409 where another write of it was under way. */
const BY_STATUS: Readonly<Record<number, S3Outcome>> = { 409: 'conflict', 412: 'taken' };

export function outcomeOf(error: unknown): S3Outcome {
  if (error instanceof HttpFault) return BY_STATUS[error.status] ?? 'away';
  return BY_CODE[codeOf(error)] ?? 'away';
}

/** The server's or system's code for an error, from a closed alphabet: nothing else of an error is ever shown. */
function codeOf(error: unknown): string {
  if (error instanceof HttpFault) return error.message;
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(code) ? code : 'an unreadable answer';
}

/** Our error for a failed request. The original is not attached: servers put key ids and signed text into theirs. */
export function s3Error(error: unknown, act: StoreAct): Error {
  const code = codeOf(error);
  const where = `${act.doing} ${act.what} in ${act.location}`;
  switch (outcomeOf(error)) {
    case 'missing':
      return missing(act);
    case 'short':
      return new IntegrityError<VaultErrorCode>(
        'OBJECT_SHORT',
        `${act.what} in ${act.location} is shorter than it was.`,
      );
    case 'refused':
      if (code === 'NoSuchBucket')
        return new UsageError<VaultErrorCode>(
          'STORE_REFUSED',
          `The S3 server has no such bucket, ${where}. Check its name, or let "custody init --create-buckets" make it.`,
        );
      return new UsageError<VaultErrorCode>(
        'STORE_REFUSED',
        `The S3 server refuses ${where} (${code}). Check the bucket's name, the region, the rights of the key and the clock.`,
      );
    case 'distrusted':
      return new UsageError<VaultErrorCode>(
        'STORE_REFUSED',
        `The certificate of the S3 server is not trusted, ${where} (${code}). Check the server's name and dates; where a lab has an authority of its own, name its PEM file in CUSTODY_S3_CA.`,
      );
    case 'full':
      return new UnavailableError<VaultErrorCode>('STORE_FULL', `The S3 server has no room for ${where} (${code}).`);
    default:
      return new UnavailableError<VaultErrorCode>(
        'STORE_UNAVAILABLE',
        `The S3 server does not answer while ${where} (${code}). Check that it runs and can be reached, then run the command again.`,
      );
  }
}
