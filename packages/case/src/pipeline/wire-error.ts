import { CustodyError, FormatError, IntegrityError, UnavailableError, UsageError } from '@custody/bytes';

/** An error as it crosses a thread: classes do not survive that, what decides its fate does. */
export interface WireError {
  readonly family?: string;
  readonly code?: string;
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export function describeError(error: unknown): WireError {
  if (error instanceof CustodyError) {
    return { family: error.family, code: error.code, message: error.message, detail: error.detail };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function reviveError({ family, code, message, detail = {} }: WireError): Error {
  if (code === undefined) return new Error(message);
  switch (family) {
    case 'format':
      return new FormatError(code, message, { detail });
    case 'integrity':
      return new IntegrityError(code, message, { detail });
    case 'unavailable':
      return new UnavailableError(code, message, { detail });
    default:
      return new UsageError(code, message, { detail });
  }
}
