import { CustodyError, IntegrityError, UnavailableError, UsageError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import { SourceFailure } from './source-failure.ts';

/** What was attempted where, for messages: `reading`, `originals/1` in `/cases/a`. Never content. */
export interface StoreAct {
  readonly doing: string;
  readonly what: string;
  readonly location: string;
  /** The act stores something. */
  readonly writes?: boolean;
}

type StoreFailure = IntegrityError<VaultErrorCode> | UnavailableError<VaultErrorCode> | UsageError<VaultErrorCode>;

/** The errno text of a Node system error, or ''. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** No object bears this name. */
export function missing(act: StoreAct, cause?: unknown): StoreFailure {
  return new IntegrityError('OBJECT_MISSING', `There is no object ${act.what} in ${act.location}.`, { cause });
}

/** The error of ours for a failed system call. Errors of ours, of a source stream and of the program pass through. */
export function storeError(cause: unknown, act: StoreAct): unknown {
  if (cause instanceof SourceFailure) return cause.original;
  if (cause instanceof CustodyError) return cause;
  const errno = errnoOf(cause);
  const where = `${act.doing} ${act.what} in ${act.location}`;
  switch (errno) {
    case '':
      return cause;
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
      // While writing, it is a folder of the vault that vanished, not an object.
      if (act.writes) return unavailable("the vault's folder is gone", where, cause);
      return missing(act, cause);
    case 'ELOOP':
      return new IntegrityError<VaultErrorCode>(
        'OBJECT_NOT_PLAIN',
        `${act.what} in ${act.location} is a link, not an object. Links are not followed: something else was put in its place.`,
        { cause },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new UnavailableError<VaultErrorCode>(
        'STORE_FULL',
        `No space left while ${where}. Nothing was stored; make room and run the command again.`,
        { cause },
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new UsageError<VaultErrorCode>(
        'STORE_READ_ONLY',
        `No permission for ${where} (${errno}). Check the owner and mode, or whether it is mounted read-only.`,
        { cause },
      );
    default:
      return unavailable(`the system reports ${errno}`, where, cause);
  }
}

function unavailable(why: string, where: string, cause: unknown): StoreFailure {
  const message = `Failed ${where}: ${why}. Check the disk, then run the command again.`;
  return new UnavailableError('STORE_UNAVAILABLE', message, { cause });
}
