import { FormatError, IntegrityError, UsageError } from '@custody/bytes';

export type ExhibitErrorCode =
  | 'EXHIBIT_UNREADABLE'
  | 'EXHIBIT_UNWRITABLE'
  | 'EXHIBIT_EXISTS'
  | 'EXHIBIT_MALFORMED'
  | 'EXHIBIT_MEMBER_MISSING'
  | 'EXHIBIT_MEMBER_UNKNOWN'
  | 'EXHIBIT_MEMBER_ALTERED'
  | 'EXHIBIT_ITEM_MISMATCH'
  | 'EXHIBIT_SEGMENT_MISMATCH'
  | 'EXHIBIT_ENTRY_MISMATCH'
  | 'EXHIBIT_ANCHOR_MISMATCH'
  | 'EXHIBIT_VIEW_MISMATCH'
  | 'EXHIBIT_COUNT_MISMATCH'
  | 'EXHIBIT_REDACTION_MISMATCH'
  | 'EXHIBIT_MENTION_MISMATCH'
  | 'EXHIBIT_RAW_MISMATCH'
  | 'EXHIBIT_MEDIA_MISMATCH'
  | 'EXHIBIT_TOO_LARGE';

export function malformed(message: string): FormatError<ExhibitErrorCode> {
  return new FormatError('EXHIBIT_MALFORMED', `this is not an exhibit of custody: ${message}`);
}

export function mismatch(
  code: ExhibitErrorCode,
  message: string,
  detail: Record<string, unknown> = {},
): IntegrityError<ExhibitErrorCode> {
  return new IntegrityError(code, message, { detail });
}

export function usage(code: ExhibitErrorCode, message: string): UsageError<ExhibitErrorCode> {
  return new UsageError(code, message);
}
