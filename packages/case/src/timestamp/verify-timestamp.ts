import { type Certificate, chainAt, readCertificate, requireTimeStamping, subjectOf } from './certificate.ts';
import { checkRevocation, type RevocationState } from './check-revocation.ts';
import { malformed, unsound } from './errors.ts';
import { readTimestampResponse } from './read-token.ts';
import type { RevocationList } from './revocation-list.ts';
import { digest, verifySignature } from './token-signature.ts';

/** Clocks of two institutions differ; a stamp further in the future than this is none. */
const SKEW_MS = 5 * 60_000;

export interface TimestampTerms {
  /** The bytes that are said to have been stamped. */
  readonly data: Uint8Array;
  /** Certificates of the authority, by which a chain must end; null where none was supplied: then no chain is asked for. */
  readonly authorities: readonly Certificate[] | null;
  /** Milliseconds since 1970: nothing is stamped later than that. */
  readonly now: number;
  /** Of the request, where the token answers one. */
  readonly nonce?: bigint;
  /** The policy that was asked for. */
  readonly policy?: string;
  /** Revocation lists of the authority and of those above it. */
  readonly lists?: readonly RevocationList[];
}

/** What a token shows that was found sound. */
export interface VerifiedTimestamp {
  /** Milliseconds since 1970. */
  readonly genTime: number;
  /** Milliseconds to either side; null where the authority states none. */
  readonly accuracy: number | null;
  readonly policy: string;
  readonly serial: string;
  readonly signer: string;
  /** Subject of the certificate supplied as authority at the end of the chain; null where none was supplied. */
  readonly authority: string | null;
  /** What the lists say of the certificates below that one; null where no list was supplied. */
  readonly revocation: readonly RevocationState[] | null;
}

/**
 * Verifies a time-stamp response (RFC 3161 as amended by RFC 5816) against the bytes it should stamp: form, status, imprint,
 * nonce, policy, signature, the certificate inside what was signed, its purpose, and the chain at the stated time, not at
 * ours. Throws TIMESTAMP_MALFORMED and what the other checks say. Revocation is looked up in the lists
 * that are supplied, and nowhere else.
 */
export function verifyTimestamp(response: Uint8Array, terms: TimestampTerms): VerifiedTimestamp {
  const { status, statusText, token } = readTimestampResponse(response);
  if (status > 1 || token === null)
    throw malformed(`it was not granted (status ${status}${statusText && `: ${statusText}`})`);
  const { info } = token;
  if (!digest(info.hashAlgorithm, terms.data).equals(info.imprint)) {
    throw unsound('TIMESTAMP_IMPRINT_MISMATCH', 'it stamps other bytes than these', {
      stamped: Buffer.from(info.imprint).toString('hex'),
    });
  }
  if (terms.nonce !== undefined && info.nonce !== terms.nonce)
    throw unsound('TIMESTAMP_NONCE_MISMATCH', 'it answers another request: an old answer may have been sent again');
  if (terms.policy !== undefined && info.policy !== terms.policy) {
    throw unsound('TIMESTAMP_POLICY_MISMATCH', `it was issued under the policy ${info.policy}, not ${terms.policy}`);
  }
  if (info.genTime > terms.now + SKEW_MS) {
    throw unsound(
      'TIMESTAMP_TIME_IMPLAUSIBLE',
      `it states ${new Date(info.genTime).toISOString()}, which is still to come`,
    );
  }
  const signer = verifySignature(token, terms.authorities ?? []);
  requireTimeStamping(signer);
  const others = token.certificates.map(readCertificate);
  const trusted = terms.authorities ?? [signer];
  const chain = chainAt(signer, others, { trusted, time: info.genTime });
  const { lists = [] } = terms;
  return {
    genTime: info.genTime,
    accuracy: info.accuracy,
    policy: info.policy,
    serial: info.serial.toString(16),
    signer: subjectOf(signer.x509),
    authority: terms.authorities === null ? null : subjectOf((chain.at(-1) as Certificate).x509),
    revocation: lists.length === 0 ? null : checkRevocation(chain, { lists, genTime: info.genTime }),
  };
}
