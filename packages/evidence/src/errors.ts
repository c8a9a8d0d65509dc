import { IntegrityError } from '@custody/bytes';

export type EvidenceErrorCode =
  | 'LEAF_FIELD_INVALID'
  /** Usage: an order file has mistakes. */
  | 'ORDER_INVALID';

/** A stored field does not have the shape that its number prescribes. */
export function fieldInvalid(what: string): IntegrityError<EvidenceErrorCode> {
  return new IntegrityError('LEAF_FIELD_INVALID', `a stored field is not a well-formed ${what}`);
}
