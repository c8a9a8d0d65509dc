import type { Authentication, BatchWriter, Direction, Instant, ItemKind, Locator } from '@custody/evidence';
import type { MediaStore } from './media-store.ts';
import type { NamedFields } from './named-fields.ts';
import { type Id, type People, type Person, partyOf, writeParty } from './people.ts';
import type { Value } from './schema/read-message.ts';
import type { Tally } from './tally.ts';

/** What writers need: where items go, who is who, where files are. */
export interface ItemContext {
  readonly out: BatchWriter;
  readonly people: People;
  readonly fields: NamedFields;
  readonly tally: Tally;
  /** Null where the container has no files of its own. */
  readonly media: MediaStore | null;
  readonly authentication: Authentication;
}

export interface Place {
  readonly locator: Locator;
  /** The frame; null for what is a part of it, so that it is not kept twice. */
  readonly raw: Uint8Array | null;
}

export function begin(context: ItemContext, kind: ItemKind, direction: Direction, place: Place): void {
  const { out, people, authentication } = context;
  out.begin(kind, 'signal', direction);
  out.locator(place.locator);
  if (place.raw !== null) out.raw(place.raw);
  out.authentication(authentication);
  if (people.self !== null) out.owner(writeParty(out, partyOf(people, people.self)));
}

/** A person of the backup; a number that nobody has is counted. */
export function person(context: ItemContext, id: Id): Person | null {
  const found = context.people.persons.get(id) ?? null;
  if (found === null) context.tally.unresolved++;
  return found;
}

export function instant(value: Value | undefined, clock: Instant['clock']): Instant | null {
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  const utc = value <= 8.64e15 ? Number(value) : null;
  return { utc, raw: String(value), zone: 'UTC', precision: 'ms', clock };
}

/** Writes a further time where there is one. */
export function writeTime(context: ItemContext, name: string, value: Value | undefined, clock: Instant['clock']): void {
  const at = instant(value, clock);
  if (at !== null && value !== 0) context.out.time(name, at);
}
