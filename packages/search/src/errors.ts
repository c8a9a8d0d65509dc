import { IntegrityError, UsageError } from '@custody/bytes';

/** Every code this package throws. */
export type SearchErrorCode =
  /** Integrity: a stored index object is not what was stored. The index is derived: delete it and build it again. */
  | 'INDEX_PART_ALTERED'
  /** Integrity: an index part opens, but is not of this package's layout. */
  | 'INDEX_PART_MALFORMED'
  /** Usage: segments have no index tile yet; `detail.labels` names the first of them. */
  | 'INDEX_MISSING'
  /** Usage: the query contradicts itself or asks for what no index can answer. */
  | 'INDEX_QUERY_INVALID';

export function partAltered(name: string, why: string): IntegrityError<SearchErrorCode> {
  const message = `${name}: ${why}. Indexes are derived: delete the index and build it again.`;
  return new IntegrityError('INDEX_PART_ALTERED', message, { detail: { name } });
}

export function partMalformed(why: string): IntegrityError<SearchErrorCode> {
  return new IntegrityError('INDEX_PART_MALFORMED', `an index part ${why}`);
}

export function queryInvalid(why: string): UsageError<SearchErrorCode> {
  return new UsageError('INDEX_QUERY_INVALID', why);
}

/** Labels named in an error. */
const MOST_NAMED = 20;

export function indexMissing(labels: readonly string[], of: number): UsageError<SearchErrorCode> {
  const message = `${labels.length} of ${of} segments are not indexed, so their items were not searched. Run custody index.`;
  const detail = { missing: labels.length, labels: labels.slice(0, MOST_NAMED) };
  return new UsageError('INDEX_MISSING', message, { detail });
}
