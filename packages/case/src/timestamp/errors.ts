import { FormatError, IntegrityError } from '@custody/bytes';

export type TimestampErrorCode =
  /** Format: not DER, or not a time-stamp response as RFC 3161 has it. */
  | 'TIMESTAMP_MALFORMED'
  /** Integrity: the token is about other bytes. */
  | 'TIMESTAMP_IMPRINT_MISMATCH'
  /** Integrity: the token answers another request. */
  | 'TIMESTAMP_NONCE_MISMATCH'
  /** Integrity: the token was issued under another policy than the one asked for. */
  | 'TIMESTAMP_POLICY_MISMATCH'
  /** Integrity: a hash or signature algorithm that proves nothing (any more), or that this build does not know. */
  | 'TIMESTAMP_ALGORITHM_REFUSED'
  /** Integrity: the signature, or what it covers, does not fit. */
  | 'TIMESTAMP_SIGNATURE_INVALID'
  /** Integrity: the certificate that signed is not there, or another than the token names. */
  | 'TIMESTAMP_CERTIFICATE_MISMATCH'
  /** Integrity: the certificate is not one for time-stamping only. */
  | 'TIMESTAMP_SIGNER_UNFIT'
  /** Integrity: no valid chain at the stated time to the authority supplied. */
  | 'TIMESTAMP_CHAIN_INVALID'
  /** Integrity: a certificate behind it was revoked, so that the stamp does not hold. */
  | 'TIMESTAMP_SIGNER_REVOKED'
  /** Format: not a revocation list as RFC 5280 has it, or a partial one. */
  | 'REVOCATION_LIST_MALFORMED'
  /** Integrity: a revocation list that the issuer of the certificate did not sign. */
  | 'REVOCATION_LIST_UNSOUND'
  /** Integrity: the stated time cannot be. */
  | 'TIMESTAMP_TIME_IMPLAUSIBLE';

/** A FormatError TIMESTAMP_MALFORMED. */
export function malformed(why: string): FormatError<TimestampErrorCode> {
  return new FormatError('TIMESTAMP_MALFORMED', `this is not a time-stamp as RFC 3161 has it: ${why}`);
}

/** An IntegrityError about a token; `detail` holds both sides. */
export function unsound(
  code: Exclude<TimestampErrorCode, 'TIMESTAMP_MALFORMED' | 'REVOCATION_LIST_MALFORMED'>,
  why: string,
  detail: Record<string, unknown> = {},
): IntegrityError<TimestampErrorCode> {
  return new IntegrityError(code, `the time-stamp cannot be relied on: ${why}`, { detail });
}
