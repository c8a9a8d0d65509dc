import { FormatError } from '@custody/bytes';

/** Why a file cannot be read as a database at all. Lesser damage is a `PageProblem`, never an exception. */
export type SqliteErrorCode = 'SQLITE_NOT_A_DATABASE' | 'SQLITE_HEADER_INVALID';

export function notADatabase(reason: string): FormatError<SqliteErrorCode> {
  return new FormatError('SQLITE_NOT_A_DATABASE', `not an SQLite database: ${reason}`);
}

export function headerInvalid(reason: string): FormatError<SqliteErrorCode> {
  return new FormatError('SQLITE_HEADER_INVALID', `the database header cannot be used: ${reason}`);
}
