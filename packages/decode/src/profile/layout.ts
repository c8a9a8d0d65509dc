import { CborWriter, compareCborKeys, utf8Encode } from '@custody/bytes';
import type { Direction, InstantStatement, ItemKind } from '@custody/evidence';
import { type PlainGcm, plainGcm } from '../recipe/plain-gcm.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { PartyField, Profile, RecipientsField, RecordProfile, TimeField } from './profile.ts';
import { readOffset } from './read-offset.ts';
import { type SealedLayout, sealedLayout } from './sealed-layout.ts';
import { type Slot, Slots } from './slots.ts';

/** A profile with its fields as slots: what the decoder works from, so that no name is looked up for a record. */
export interface Layout {
  readonly profile: Profile;
  readonly slots: Slots;
  readonly records: readonly RecordLayout[];
}

export interface PartyLayout {
  readonly slot: Slot;
  readonly type: string;
}

export interface RecipientsLayout extends PartyLayout {
  readonly list: 'one' | 'array' | 'separated';
  /** Byte between the values of a separated list. */
  readonly separator: number;
}

export interface TimeLayout {
  readonly slot: Slot;
  readonly format: TimeField['format'];
  /** Minutes east of UTC that hold for a text without a zone; null: not stated. */
  readonly offset: number | null;
  /** Zone whose offset changes over the year, for a text without one. */
  readonly named: string | null;
  /** Index: precision found in the text, see `read-time.ts`. All the same object where the profile states one. */
  readonly statements: readonly InstantStatement[];
}

export interface NamedLayout {
  /** CBOR of the name. */
  readonly key: Uint8Array;
  readonly slot: Slot;
  readonly integer: boolean;
  /** The value stands in the inner JSON, and `slot` counts there. */
  readonly inner: boolean;
}

/** Where a plaintext that is JSON has its body and fields. */
export interface InnerLayout {
  readonly paths: readonly (readonly string[])[];
  /** -1: the item has no body. */
  readonly body: Slot;
}

export interface SequenceLayout {
  readonly slot: Slot;
  readonly stream: Slot;
  readonly toleranceMs: number;
}

export interface RecordLayout {
  readonly kind: ItemKind;
  readonly when: Slot;
  readonly equals: Uint8Array;
  readonly messageId: Slot;
  readonly conversation: Slot;
  readonly sender: PartyLayout | null;
  readonly recipients: RecipientsLayout | null;
  readonly owner: PartyLayout | null;
  readonly sentAt: TimeLayout | null;
  readonly direction: { readonly slot: Slot; readonly values: ReadonlyMap<string, Direction> } | null;
  readonly body: Slot;
  readonly sealed: SealedLayout | null;
  readonly recipe: Recipe | null;
  /** The same as `recipe`, for opening many records together. */
  readonly together: PlainGcm | null;
  /** Null: the plaintext is no JSON. */
  readonly inner: InnerLayout | null;
  readonly sequence: SequenceLayout | null;
  /** In the order of map keys (RFC 8949 4.2.1). */
  readonly fields: readonly NamedLayout[];
}

/** Precisions a text of time can show, by the number that `read-time.ts` gives them. */
const PRECISIONS = ['ms', 's', 'min', 'day', 'unknown'] as const;
const DEFAULT_TOLERANCE_MS = 120_000;

export function layoutOf(profile: Profile): Layout {
  const slots = new Slots(profile);
  return { profile, slots, records: profile.records.map((record) => recordLayout(record, slots)) };
}

function recordLayout(record: RecordProfile, slots: Slots): RecordLayout {
  const { direction, sequence } = record;
  const inner = innerLayout(record);
  return {
    kind: record.kind,
    when: slots.of(record.when?.field),
    equals: utf8Encode(record.when?.equals ?? ''),
    messageId: slots.of(record.messageId),
    conversation: slots.of(record.conversation),
    sender: party(record.sender, slots),
    recipients: recipients(record.recipients, slots),
    owner: party(record.owner, slots),
    sentAt: record.sentAt === undefined ? null : time(record.sentAt, slots),
    direction:
      direction === undefined
        ? null
        : { slot: slots.of(direction.field), values: new Map(Object.entries(direction.values)) },
    body: slots.of(record.body),
    sealed: record.sealed === undefined ? null : sealedLayout(record.sealed, slots),
    recipe: record.recipe ?? null,
    together: record.recipe === undefined ? null : plainGcm(record.recipe, slots),
    inner,
    sequence:
      sequence === undefined
        ? null
        : {
            slot: slots.of(sequence.field),
            stream: slots.of(sequence.stream),
            toleranceMs: sequence.toleranceMs ?? DEFAULT_TOLERANCE_MS,
          },
    fields: named(record, slots, inner?.paths ?? []),
  };
}

function party(field: PartyField | undefined, slots: Slots): PartyLayout | null {
  return field === undefined ? null : { slot: slots.of(field.field), type: field.type };
}

function recipients(field: RecipientsField | undefined, slots: Slots): RecipientsLayout | null {
  if (field === undefined) return null;
  return {
    slot: slots.of(field.field),
    type: field.type,
    list: field.list ?? 'one',
    separator: field.separator?.charCodeAt(0) ?? -1,
  };
}

function time(field: TimeField, slots: Slots): TimeLayout {
  const base = { zone: field.format.startsWith('unix-') ? 'UTC' : field.zone, clock: field.clock };
  const { precision } = field;
  const isNamed = field.zone?.includes('/') === true;
  const one = { ...base, precision: precision ?? 'unknown' };
  return {
    slot: slots.of(field.field),
    format: field.format,
    offset: field.zone === null || isNamed ? null : readOffset(field.zone),
    named: isNamed ? field.zone : null,
    statements: PRECISIONS.map((found) => (precision === undefined ? { ...base, precision: found } : one)),
  };
}

function innerLayout({ sealed, recipe }: RecordProfile): InnerLayout | null {
  const inner = sealed?.inner ?? recipe?.inner;
  if (inner?.kind !== 'json') return null;
  const fields = 'fields' in inner ? Object.values(inner.fields ?? {}).map(({ field }) => field) : [];
  const wanted = inner.body === undefined ? fields : [inner.body, ...fields];
  const paths: string[][] = [];
  for (const path of wanted.map((field) => [field].flat())) {
    if (!paths.some((known) => samePath(known, path))) paths.push(path);
  }
  return { paths, body: inner.body === undefined ? -1 : 0 };
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function named(record: RecordProfile, slots: Slots, innerPaths: readonly (readonly string[])[]): NamedLayout[] {
  const { inner } = record.recipe ?? {};
  const innerFields = inner?.kind === 'json' ? (inner.fields ?? {}) : {};
  const entries = [
    ...Object.entries(record.fields ?? {}).map(([name, value]) => ({ name, value, inner: false })),
    ...Object.entries(innerFields).map(([name, value]) => ({ name, value, inner: true })),
  ];
  entries.sort((a, b) => compareCborKeys(a.name, b.name));
  return entries.map(({ name, value, inner }) => ({
    key: new CborWriter().text(name).view().slice(),
    slot: inner ? innerPaths.findIndex((path) => samePath(path, [value.field].flat())) : slots.of(value.field),
    integer: value.as === 'integer',
    inner,
  }));
}
