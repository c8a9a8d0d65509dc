import { type CborValue, decodeCbor } from '@custody/bytes';
import { fieldInvalid } from './errors.ts';
import type { Attachment, Authentication, Clock, Instant, Party, Precision, Ref } from './item.ts';
import type { Direction, ItemKind } from './item-kinds.ts';
import type { Locator } from './locator.ts';

/** Reads of structured fields; each throws IntegrityError LEAF_FIELD_INVALID on a shape that a writer cannot have made. */

export function decodeType(bytes: Uint8Array): { kind: ItemKind; platform: string; direction: Direction } {
  const [kind, platform, direction] = list(decodeCbor(bytes), 'type', 3);
  return { kind: text(kind, 'type') as ItemKind, platform: text(platform, 'type'), direction: direction as Direction };
}

export function decodeLocator(bytes: Uint8Array): { locator: Locator; sources: readonly Locator[] } {
  const value = list(decodeCbor(bytes), 'locator', 4);
  const sources =
    value.length > 4 ? list(value[4], 'locator', 0).map((entry) => locatorOf(list(entry, 'locator', 4))) : [];
  return { locator: locatorOf(value), sources };
}

/** An array of locators, as findings keep their related places. */
export function decodeLocators(bytes: Uint8Array): readonly Locator[] {
  return list(decodeCbor(bytes), 'locator list', 0).map((entry) => locatorOf(list(entry, 'locator', 4)));
}

export function decodeParty(bytes: Uint8Array): Party {
  return partyOf(decodeCbor(bytes));
}

export function decodeParties(bytes: Uint8Array): readonly Party[] {
  return list(decodeCbor(bytes), 'party list', 0).map(partyOf);
}

export function decodeInstant(bytes: Uint8Array): Instant {
  return instantOf(decodeCbor(bytes));
}

export function decodeTimes(bytes: Uint8Array): ReadonlyMap<string, Instant> {
  const out = new Map<string, Instant>();
  for (const [name, value] of map(decodeCbor(bytes), 'times')) out.set(name, instantOf(value));
  return out;
}

export function decodeRefs(bytes: Uint8Array): readonly Ref[] {
  return list(decodeCbor(bytes), 'reference list', 0).map((entry) => {
    const [rel, id] = list(entry, 'reference', 2);
    return { rel: text(rel, 'reference'), id: text(id, 'reference') };
  });
}

export function decodeAttachments(bytes: Uint8Array): readonly Attachment[] {
  return list(decodeCbor(bytes), 'attachment list', 0).map((entry) => {
    const [name, mime, size, sha256, present] = list(entry, 'attachment', 5);
    return {
      name: textOrNull(name, 'attachment'),
      mime: textOrNull(mime, 'attachment'),
      size: numberOrNull(size, 'attachment'),
      sha256: textOrNull(sha256, 'attachment'),
      present: present === true,
    };
  });
}

export function decodeAuthentication(bytes: Uint8Array): Authentication {
  const [mechanism, result, proves] = list(decodeCbor(bytes), 'authentication', 3);
  return {
    mechanism: text(mechanism, 'authentication'),
    result: text(result, 'authentication') as Authentication['result'],
    proves: text(proves, 'authentication'),
  };
}

export function decodeNamedFields(bytes: Uint8Array): ReadonlyMap<string, CborValue> {
  return map(decodeCbor(bytes), 'field map');
}

/** The source records of an item: the main one first. */
export function decodeRaw(bytes: Uint8Array): readonly Uint8Array[] {
  return list(decodeCbor(bytes), 'raw record list', 1).map((entry) => {
    if (!(entry instanceof Uint8Array)) throw fieldInvalid('raw record list');
    return entry;
  });
}

/** A count of records, or null for "unknown". */
export function decodeRecords(bytes: Uint8Array): number | null {
  return numberOrNull(decodeCbor(bytes), 'record count');
}

function locatorOf(value: readonly (CborValue | undefined)[]): Locator {
  return {
    path: text(value[0], 'locator'),
    offset: numberOrNull(value[1], 'locator'),
    length: numberOrNull(value[2], 'locator'),
    row: numberOrNull(value[3], 'locator'),
  };
}

function partyOf(value: CborValue | undefined): Party {
  const [type, id, display] = list(value, 'party', 2);
  const party = { type: text(type, 'party'), value: text(id, 'party') };
  return display === undefined ? party : { ...party, display: text(display, 'party') };
}

function instantOf(value: CborValue | undefined): Instant {
  const [utc, raw, zone, precision, clock, ambiguous, within] = list(value, 'time', 5);
  const instant = {
    utc: numberOrNull(utc, 'time'),
    raw: text(raw, 'time'),
    zone: textOrNull(zone, 'time'),
    precision: text(precision, 'time') as Precision,
    clock: text(clock, 'time') as Clock,
  };
  return {
    ...instant,
    ...(ambiguous === true && { ambiguous }),
    ...(within !== undefined && { within: boundsOf(within) }),
  };
}

function boundsOf(value: CborValue): readonly [number, number] {
  const [from, to] = list(value, 'time', 2);
  if (typeof from !== 'number' || typeof to !== 'number') throw fieldInvalid('time');
  return [from, to];
}

function list(value: CborValue | undefined, what: string, least: number): readonly (CborValue | undefined)[] {
  if (!Array.isArray(value) || value.length < least) throw fieldInvalid(what);
  return value as readonly CborValue[];
}

function map(value: CborValue, what: string): ReadonlyMap<string, CborValue> {
  if (!(value instanceof Map)) throw fieldInvalid(what);
  for (const key of value.keys()) if (typeof key !== 'string') throw fieldInvalid(what);
  return value as ReadonlyMap<string, CborValue>;
}

function text(value: CborValue | undefined, what: string): string {
  if (typeof value !== 'string') throw fieldInvalid(what);
  return value;
}

function textOrNull(value: CborValue | undefined, what: string): string | null {
  return value === null || value === undefined ? null : text(value, what);
}

function numberOrNull(value: CborValue | undefined, what: string): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'number') throw fieldInvalid(what);
  return value;
}
