import { IntegrityError, UnavailableError, UsageError } from '@custody/bytes';

export type CaseErrorCode =
  | 'CASE_EXISTS'
  | 'NOT_A_CASE'
  | 'STORE_VERSION_UNKNOWN'
  | 'IDENTITY_UNREADABLE'
  | 'NO_RIGHTS'
  | 'AUTHORITY_UNKNOWN'
  | 'AUTHORITY_EXISTS'
  | 'AUTHORITY_REFUSES'
  | 'CAPTURE_UNREADABLE'
  | 'FORMAT_NAME_UNKNOWN'
  | 'NOTHING_SELECTED'
  /** Usage: the store keeps an object that an order wants destroyed (Object Lock, retention). */
  | 'STORE_RETAINS'
  /** Usage: a derivation is under way or left unfinished. */
  | 'DERIVATION_UNFINISHED'
  | 'ITEM_UNKNOWN'
  | 'SUPPLIER_HASH_MISMATCH'
  | 'COUNTS_DO_NOT_ADD_UP'
  /** Integrity: the program's own cryptography gives other answers than published vectors. */
  | 'SELF_TEST_FAILED'
  | 'RAW_NOT_REPRODUCED'
  | 'ARGUMENT_INVALID'
  /** Integrity: what is kept of a time-stamp or a cosignature is not what it should be. */
  | 'ANCHOR_MALFORMED'
  /** Integrity: the log holds fewer entries than somebody saw signed. */
  | 'LOG_ROLLED_BACK'
  /** Integrity: two different logs were signed under one name. */
  | 'LOG_FORKED'
  /** Unavailable: no time-stamping authority, or no witness, answers as one. */
  | 'TSA_UNAVAILABLE'
  | 'TSA_REFUSED'
  | 'WITNESS_UNAVAILABLE'
  | 'WORKER_FAILED'
  /** Integrity: what workers told each other was not told by one of them. */
  | 'STRETCH_NOT_OURS'
  | 'DERIVATION_UNKNOWN'
  /** Usage: this program would decode otherwise than the one that began. */
  | 'DECODER_DIFFERS'
  /** Usage: something else has to be done first. */
  | 'NOT_YET'
  | 'STORE_VERSIONED'
  | 'LOCK_UNAVAILABLE'
  | 'PLACE_BROKEN'
  | 'EXPORT_EXISTS'
  | 'EXPORT_UNWRITABLE'
  | 'RECEIPT_MALFORMED'
  /** Integrity: not signed by who it says, or of another log. */
  | 'RECEIPT_FORGED'
  /** Integrity: the same question on the same evidence is answered otherwise. */
  | 'RECEIPT_DIFFERS';

export function usage(
  code: CaseErrorCode,
  message: string,
  detail: Record<string, unknown> = {},
): UsageError<CaseErrorCode> {
  return new UsageError(code, message, { detail });
}

export function broken(
  code: CaseErrorCode,
  message: string,
  detail: Record<string, unknown> = {},
): IntegrityError<CaseErrorCode> {
  return new IntegrityError(code, message, { detail });
}

/** An institution that is asked over the network is away or says no. */
export function away(code: CaseErrorCode, message: string): UnavailableError<CaseErrorCode> {
  return new UnavailableError(code, message);
}

/** The authority, or the rights of who acts, do not allow it. Recorded in the log before it is thrown. */
export class RefusedError extends UsageError<CaseErrorCode> {
  readonly refused = true;
}
