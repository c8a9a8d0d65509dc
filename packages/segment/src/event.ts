import { randomBytes } from 'node:crypto';
import { type CborValue, decodeCbor, encodeCbor } from '@custody/bytes';
import {
  ENTRY_FIELD_COUNT,
  ENTRY_FIELDS,
  type Entry,
  type EntryField,
  type EntryKind,
  fieldDigest,
  fieldsRoot,
  type SegmentClear,
} from '@custody/chain';
import { broken, malformed } from './errors.ts';

/** One field of an event with the salt that hides it. */
export interface EventField {
  /** Empty where the field was written anew under an order. */
  readonly salt: Uint8Array;
  /** Deterministic CBOR; null where absent. */
  readonly value: Uint8Array | null;
  /** Of a field written anew: the digest that the entry commits to. `value` is what was left of it, which nothing proves. */
  readonly digest?: Uint8Array;
}

/** A custody event before it has a place in the log. */
export interface EventDraft {
  readonly kind: EntryKind;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** Six fields in order of their numbers. */
  readonly fields: readonly EventField[];
  readonly fieldsRoot: Uint8Array;
  /** Of a segment event; `first` is given when it is committed. */
  readonly segment?: Omit<SegmentClear, 'first'>;
}

export type EventValues = Partial<Readonly<Record<EntryField, CborValue>>>;

/** Salts and commits the values of an event. */
export function draftEvent(
  kind: EntryKind,
  values: EventValues,
  place: { readonly time: number; readonly segment?: Omit<SegmentClear, 'first'> },
): EventDraft {
  const names = Object.keys(ENTRY_FIELDS) as EntryField[];
  const fields = names.map((name): EventField => {
    const value = values[name];
    return { salt: new Uint8Array(randomBytes(16)), value: value === undefined ? null : encodeCbor(value) };
  });
  return { kind, fields, fieldsRoot: rootOf(fields), ...place };
}

/** The openings of one commit's entries, as kept (sealed) in its events object. */
export function encodeOpenings(drafts: readonly Pick<EventDraft, 'fields'>[]): Uint8Array {
  return encodeCbor(drafts.map(({ fields }) => fields.map(encodeField)));
}

/** `[salt, value]`, or for a field written anew `[digest, what is left of the value, true]`: its salt is gone. */
function encodeField({ salt, value, digest }: EventField): CborValue {
  return digest === undefined ? [salt, value] : [digest, value, true];
}

/** Reads an events object and holds each opening against the entry it belongs to. */
export function readOpenings(bytes: Uint8Array, entries: readonly Entry[]): EventField[][] {
  const list = decodeCbor(bytes);
  if (!Array.isArray(list) || list.length !== entries.length)
    throw malformed('an events object does not fit its commit');
  return (list as readonly CborValue[]).map((fields, i) => {
    const read = readFields(fields);
    const entry = entries[i] as Entry;
    if (Buffer.compare(rootOf(read), entry.fieldsRoot) !== 0) {
      throw broken('CONTENT_MISMATCH', `what is stored about a ${entry.kind} entry is not what the entry commits to`);
    }
    return read;
  });
}

/** Values of an opened event by name. */
export function eventValues(fields: readonly EventField[]): EventValues {
  const out: Record<string, CborValue> = {};
  for (const [name, number] of Object.entries(ENTRY_FIELDS)) {
    const value = fields[number - 1]?.value;
    if (value !== null && value !== undefined) out[name] = decodeCbor(value);
  }
  return out;
}

/** Names of an event's fields that an order had written anew: their values prove nothing. */
export function rewordedFields(fields: readonly EventField[]): string[] {
  return Object.entries(ENTRY_FIELDS)
    .filter(([, number]) => fields[number - 1]?.digest !== undefined)
    .map(([name]) => name);
}

function readFields(value: CborValue): EventField[] {
  if (!Array.isArray(value) || value.length !== ENTRY_FIELD_COUNT)
    throw malformed('an event has another number of fields');
  return (value as readonly CborValue[]).map((field) => {
    const [hides, content, anew] = Array.isArray(field) ? (field as readonly CborValue[]) : [];
    const isText = content === null || content instanceof Uint8Array;
    if (!(hides instanceof Uint8Array) || !isText || (anew !== undefined && (anew !== true || hides.length !== 32))) {
      throw malformed('a field of an event is malformed');
    }
    return anew === true ? { salt: new Uint8Array(0), value: content, digest: hides } : { salt: hides, value: content };
  });
}

function rootOf(fields: readonly EventField[]): Uint8Array {
  const digests = new Uint8Array(fields.length * 32);
  fields.forEach((field, i) => {
    digests.set(digestOfEventField(i + 1, field), i * 32);
  });
  return fieldsRoot(digests);
}

/** What the entry commits to for field `number`, from 1. */
export function digestOfEventField(number: number, { salt, value, digest }: EventField): Uint8Array {
  return digest ?? fieldDigest({ number, salt, value });
}
