/** Kinds of leaves and entries, and what their fields are (SPEC.md sections 4 and 7). Numbers are never reused. */

/** The shape of a kind's fields. `bodyField` and `mapField` are the two that may be in pieces (section 2). */
export interface FieldLayout {
  readonly fields: number;
  readonly bodyField?: number;
  readonly mapField?: number;
}

export const ITEM_KIND = 1;
export const FINDING_KIND = 2;

/** Fields of an item: 10 is body text, 14 the format's own named fields, 15 the raw records. */
export const ITEM_LAYOUT: FieldLayout & { readonly bodyField: 10; readonly mapField: 14 } = {
  fields: 15,
  bodyField: 10,
  mapField: 14,
};
export const ITEM_RAW_FIELD = 15;

/** Fields of a finding, none of which is in pieces. */
export const FINDING_LAYOUT: FieldLayout = { fields: 6 };

/** Most leaves in one segment (section 3). */
export const SEGMENT_LEAVES_MAX = 4096;

/** Entry kinds by name (section 4). */
export const ENTRY_KINDS = {
  init: 1,
  person: 2,
  authority: 3,
  intake: 4,
  derive: 5,
  segment: 6,
  dispose: 7,
  access: 8,
  disclose: 9,
  expunge: 10,
  correct: 11,
  key: 12,
  refuse: 13,
  verify: 14,
  anchor: 15,
  complete: 16,
  mark: 17,
} as const;

export type EntryKind = keyof typeof ENTRY_KINDS;

/** Entry fields by name, numbered from 1 (section 4). */
export const ENTRY_FIELDS = {
  actor: 1,
  reason: 2,
  authority: 3,
  tool: 4,
  subject: 5,
  detail: 6,
} as const;

export type EntryField = keyof typeof ENTRY_FIELDS;
export const ENTRY_FIELD_COUNT = 6;

const namesByCode = new Map<number, EntryKind>(
  Object.entries(ENTRY_KINDS).map(([name, code]) => [code, name as EntryKind]),
);

/** The name of an entry kind, or null for a code that version 1 does not know. */
export function entryKindName(code: number): EntryKind | null {
  return namesByCode.get(code) ?? null;
}
