import { IntegrityError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';

/** The one error for bytes that are not, or no longer, what was sealed. */
export function sealBroken(why: string, cause?: unknown): IntegrityError<VaultErrorCode> {
  return new IntegrityError('SEAL_BROKEN', `The sealed object is damaged or is no age file: ${why}.`, { cause });
}
