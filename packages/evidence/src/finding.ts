import type { Locator } from './locator.ts';

/** lost: records are missing; doubt: something disagrees; note: a limit of the format. */
export type FindingClass = 'lost' | 'doubt' | 'note';

/** Closed; a code is never reused for something else. */
export type FindingCode =
  | 'KEY_MISSING'
  | 'KEY_NOT_VERIFIED'
  | 'KEY_PROVEN_THEN_DAMAGE'
  | 'TRUNCATED'
  | 'UNSUPPORTED_VERSION'
  | 'FORMAT_UNKNOWN'
  | 'RECORD_MALFORMED'
  | 'AUTHENTICATION_FAILED'
  | 'PAGE_DAMAGED'
  | 'LIMIT_EXCEEDED'
  | 'UNIT_UNVERIFIED'
  | 'SEQUENCE_GAP'
  | 'DUPLICATE'
  | 'REPLAY'
  | 'DIRECTION_CONFLICT'
  | 'ONE_SIDED'
  | 'TIME_ANOMALY'
  | 'FIELD_COERCED'
  | 'CONFLICTING_COPIES'
  | 'REFERENCE_UNRESOLVED'
  | 'REFERENCED_BUT_ABSENT'
  | 'NOT_COVERED'
  | 'BYTES_NOT_EXAMINED'
  | 'CREDENTIAL_WITHHELD';

/** The class a code has unless the decoder says otherwise. */
export const findingCodes: Readonly<Record<FindingCode, FindingClass>> = {
  KEY_MISSING: 'lost',
  KEY_NOT_VERIFIED: 'lost',
  KEY_PROVEN_THEN_DAMAGE: 'lost',
  TRUNCATED: 'lost',
  UNSUPPORTED_VERSION: 'lost',
  FORMAT_UNKNOWN: 'lost',
  RECORD_MALFORMED: 'lost',
  AUTHENTICATION_FAILED: 'lost',
  PAGE_DAMAGED: 'lost',
  LIMIT_EXCEEDED: 'lost',
  UNIT_UNVERIFIED: 'doubt',
  SEQUENCE_GAP: 'doubt',
  DUPLICATE: 'doubt',
  REPLAY: 'doubt',
  DIRECTION_CONFLICT: 'doubt',
  ONE_SIDED: 'doubt',
  TIME_ANOMALY: 'doubt',
  FIELD_COERCED: 'doubt',
  CONFLICTING_COPIES: 'doubt',
  REFERENCE_UNRESOLVED: 'doubt',
  REFERENCED_BUT_ABSENT: 'note',
  NOT_COVERED: 'note',
  BYTES_NOT_EXAMINED: 'note',
  CREDENTIAL_WITHHELD: 'note',
};

/**
 * What could not be read, verified or reconciled.
 * `records` is how many records are concerned; null says that this cannot be known.
 * Records of class `lost`, and of code NOT_COVERED, are the ones that the count of a capture needs.
 */
export interface Finding {
  readonly code: FindingCode;
  readonly class: FindingClass;
  readonly records: number | null;
  readonly locator: Locator | null;
  /** Other places that the finding is about (the first copy of a duplicate, the ends of a gap). */
  readonly related: readonly Locator[];
  /** A plain sentence: no content of a message, no key. */
  readonly detail: string;
}
