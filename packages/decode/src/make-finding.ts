import { type Finding, type FindingClass, type FindingCode, findingCodes, type Locator } from '@custody/evidence';

/** A finding about a place, with the class of its code unless told otherwise. */
export function finding(
  code: FindingCode,
  place: string | Locator,
  options: { records: number | null; detail: string; class?: FindingClass; related?: readonly Locator[] },
): Finding {
  return {
    code,
    class: options.class ?? findingCodes[code],
    records: options.records,
    locator: typeof place === 'string' ? { path: place, offset: null, length: null, row: null } : place,
    related: options.related ?? [],
    detail: options.detail,
  };
}
