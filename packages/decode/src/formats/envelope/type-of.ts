import type { RecordLayout } from '../../profile/layout.ts';
import { NULL, type RecordValues } from './record-values.ts';

/** The first type of record whose condition holds; null where none does. */
export function typeOf(values: RecordValues, records: readonly RecordLayout[]): RecordLayout | null {
  for (const record of records) {
    if (record.when < 0 || (values.kinds[record.when] !== NULL && values.equals(record.when, record.equals)))
      return record;
  }
  return null;
}
