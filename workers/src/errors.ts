import { type UnavailableError as Unavailable, UnavailableError, UsageError } from '@custody/bytes';

export type WorkersErrorCode =
  /** Unavailable: Redis does not answer. */
  | 'QUEUE_UNAVAILABLE'
  /** Usage: the Redis server may throw jobs away. */
  | 'QUEUE_EVICTS'
  /** Usage: a job is not of this version's shape, or names what its case does not have. */
  | 'JOB_MALFORMED'
  /** Usage: this worker's identity or version fits none of the jobs it was given. */
  | 'NO_RIGHTS'
  /** Usage: an order for an exhibit that cannot be made. */
  | 'EXHIBIT_FAILED'
  /** Unavailable: a thread ended while it had several jobs. */
  | 'THREAD_ENDED'
  | 'ARGUMENT_INVALID';

export function usage(code: WorkersErrorCode, message: string): UsageError<WorkersErrorCode> {
  return new UsageError(code, message);
}

export function unavailable(message: string): Unavailable<WorkersErrorCode> {
  return new UnavailableError('QUEUE_UNAVAILABLE', message);
}
