/** What became of a record, in one word. */
export type CaseOutcome =
  | 'authenticated'
  | 'not-authenticated'
  | 'unsealed'
  | 'authentication-failed'
  | 'key-missing'
  | 'key-not-verified'
  | 'unsupported'
  | 'malformed'
  | 'limit-exceeded'
  | 'not-covered';

/** Values of the item; those left out are not compared. */
export interface CaseExpectation {
  readonly outcome: CaseOutcome;
  readonly body?: string;
  readonly messageId?: string;
  readonly conversation?: string;
  readonly sender?: string;
  readonly recipients?: readonly string[];
  /** UTC, ISO 8601 with milliseconds. */
  readonly sentAt?: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** One record with invented keys, and what the profile must make of it. */
export interface ProfileCase {
  /** The record's fields, as a JSON object whatever the container is: columns of a table by name. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly keys?: readonly { readonly id?: string; readonly hex?: string; readonly passphrase?: string }[];
  readonly expect: CaseExpectation;
}
