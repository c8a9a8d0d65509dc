import { UsageError } from '@custody/bytes';
import type { SqliteErrorCode } from './sqlite/errors.ts';

/** Every code this package throws. */
export type DecodeErrorCode =
  | 'FORMAT_NAME_UNKNOWN'
  | 'KEYRING_INVALID'
  | 'PLIST_INVALID'
  | 'PROFILE_INVALID'
  | 'PROTOBUF_INVALID'
  | 'TOO_MANY_CANDIDATES'
  | SqliteErrorCode;

export function unknownFormatName(name: string, known: readonly string[]): UsageError<DecodeErrorCode> {
  return new UsageError('FORMAT_NAME_UNKNOWN', `no format "${name}": this build decodes ${known.join(', ')}`);
}
