import { FormatError, IntegrityError } from '@custody/bytes';

export type SegmentErrorCode =
  /** Integrity: two writers derived different plaintext from the same secrets. */
  | 'SEGMENT_NOT_REPRODUCED'
  /** Integrity: what was read back after a write is not what was written. */
  | 'READ_BACK_MISMATCH'
  /** Integrity: a stored object is missing, altered, or of another length than its commit says. */
  | 'OBJECT_ALTERED'
  /** Integrity: an object that a commit names is not there. */
  | 'OBJECT_MISSING'
  /** Integrity: the object was destroyed under an order; what asks for it works with what is no more. */
  | 'OBJECT_EXPUNGED'
  /** Integrity: a log key was not named by the one before it. */
  | 'LOG_SUCCESSION_BROKEN'
  /** Unavailable: the log got another key meanwhile; what was to be signed is signed with that. */
  | 'LOG_KEY_SUCCEEDED'
  /** Integrity: source records do not come out of the original as they were committed. */
  | 'RAW_NOT_REPRODUCED'
  /** Integrity: the bytes of an original changed while it was taken in. */
  | 'CAPTURE_CHANGED'
  /** Integrity: content does not fit its commitment. */
  | 'CONTENT_MISMATCH'
  /** Integrity: a signed checkpoint counts more entries than the log holds. */
  | 'LOG_ROLLED_BACK'
  /** Integrity: two different logs were signed under one name. */
  | 'LOG_FORKED'
  /** Format: a store object of ours is malformed. */
  | 'OBJECT_MALFORMED';

export function broken(code: SegmentErrorCode, message: string, detail: Record<string, unknown> = {}): IntegrityError {
  return new IntegrityError(code, message, { detail });
}

export function malformed(message: string): FormatError {
  return new FormatError('OBJECT_MALFORMED', message);
}
