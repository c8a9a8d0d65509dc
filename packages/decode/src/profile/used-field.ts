import type { FieldPath } from './field-path.ts';

/** A field that a profile reads, and where in the record's profile it says so. */
export interface UsedField {
  readonly field: FieldPath;
  readonly where: string;
}
