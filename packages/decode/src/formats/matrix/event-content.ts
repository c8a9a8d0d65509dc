import type { ItemKind } from '@custody/evidence';
import { integerOf, type Json, type JsonObject, listOf, objectOf, textOf } from './json-value.ts';

/** An event as it reads once it is decrypted: its type, its content, and the relation, which stays in clear. */
export interface PlainEvent {
  readonly type: string;
  readonly content: JsonObject;
  readonly stateKey: string | null;
  /** `m.relates_to` of the content, else of the encrypted event around it. */
  readonly relation: JsonObject | null;
  /** `redacts` of the event itself, where rooms before version 11 keep it. */
  readonly redacts: string | null;
}

/** A file that an event names. */
export interface NamedFile {
  readonly name: string | null;
  readonly mime: string | null;
  readonly size: number | null;
  readonly url: string;
  /** `EncryptedFile`; null for one that is not encrypted. */
  readonly file: JsonObject | null;
}

/** What an event says, in the terms of an item. */
export interface EventFacts {
  readonly kind: ItemKind;
  readonly body: string | null;
  readonly refs: readonly { readonly rel: string; readonly id: string }[];
  readonly files: readonly NamedFile[];
  /** What stands nowhere else in the item. */
  readonly rest: JsonObject;
}

const PLACED: ReadonlySet<string> = new Set(['body', 'm.relates_to', 'm.new_content']);
const FILES: ReadonlySet<string> = new Set(['m.image', 'm.file', 'm.audio', 'm.video']);

/** Reads an event by its type. A type that is not known is a note with all that it holds. */
export function eventFacts(event: PlainEvent): EventFacts {
  const { type, relation } = event;
  const refs: { rel: string; id: string }[] = [];
  const edited = textOf(relation, 'rel_type') === 'm.replace' ? textOf(relation, 'event_id') : null;
  // An edit repeats the text with a star before it for clients that know no edits; the new text is the one meant.
  const content = (edited === null ? null : objectOf(event.content, 'm.new_content')) ?? event.content;
  if (edited !== null) refs.push({ rel: 'edits', id: edited });
  addRelations(refs, event);
  const kind = edited !== null && kindOf(event, content) === 'message' ? 'edit' : kindOf(event, content);
  return {
    ...{ kind, refs, body: bodyOf(type, kind, { content, relation }), files: filesOf(type, content) },
    rest: Object.fromEntries(Object.entries(content).filter(([name]) => !PLACED.has(name))),
  };
}

function addRelations(
  refs: { rel: string; id: string }[],
  { type, content, relation, redacts, stateKey }: PlainEvent,
): void {
  const related = textOf(relation, 'event_id');
  const rel = textOf(relation, 'rel_type');
  if (rel === 'm.annotation' && related !== null) refs.push({ rel: 'reacts-to', id: related });
  else if (rel === 'm.thread' && related !== null) refs.push({ rel: 'thread', id: related });
  else if (rel !== null && rel !== 'm.replace' && related !== null) refs.push({ rel: 'part-of', id: related });
  const reply = textOf(objectOf(relation, 'm.in_reply_to'), 'event_id');
  // Inside a thread a client that knows none sees a reply to the last message before it.
  if (reply !== null && relation?.is_falling_back !== true) refs.push({ rel: 'reply-to', id: reply });
  if (type !== 'm.room.redaction') return;
  const redacted = textOf(content, 'redacts') ?? redacts;
  if (redacted !== null && stateKey === null) refs.push({ rel: 'deletes', id: redacted });
}

function kindOf({ type, stateKey }: PlainEvent, content: JsonObject): ItemKind {
  if (type === 'm.room.message') return textOf(content, 'msgtype') === 'm.location' ? 'location' : 'message';
  if (type === 'm.sticker' || type === 'm.room.encrypted' || isPoll(type, 'start')) return 'message';
  if (type === 'm.reaction') return 'reaction';
  if (type === 'm.room.redaction') return 'deletion';
  if (type === 'm.room.member' && stateKey !== null) return 'membership';
  if (type === 'm.location' || type === 'm.beacon' || type === 'org.matrix.msc3672.beacon') return 'location';
  if (type === 'm.audio' || type === 'm.voice' || type === 'm.file' || type === 'm.image' || type === 'm.video')
    return 'message';
  return /^m\.call(\.|$)/.test(type) && stateKey === null ? 'call' : 'note';
}

function bodyOf(
  type: string,
  kind: ItemKind,
  { content, relation }: { content: JsonObject; relation: JsonObject | null },
): string | null {
  if (kind === 'reaction') return textOf(relation, 'key');
  if (kind === 'membership') return textOf(content, 'reason');
  if (isPoll(type, 'start')) return pollText(content);
  if (type === 'm.room.name') return textOf(content, 'name');
  if (type === 'm.room.topic') return textOf(content, 'topic');
  return kind === 'deletion' ? textOf(content, 'reason') : textOf(content, 'body');
}

function isPoll(type: string, what: string): boolean {
  return type === `m.poll.${what}` || type === `org.matrix.msc3381.poll.${what}`;
}

/** Question and answers, a line each. */
function pollText(content: JsonObject): string | null {
  const poll = objectOf(content, 'm.poll') ?? objectOf(content, 'org.matrix.msc3381.poll.start');
  const lines = [objectOf(poll, 'question'), ...listOf(poll, 'answers')].map(extensibleText);
  const found = lines.filter((line) => line !== null);
  return found.length === 0 ? textOf(content, 'body') : found.join('\n');
}

function extensibleText(value: Json): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const object = value as JsonObject;
  const [first] = listOf(object, 'm.text');
  if (typeof first === 'object' && first !== null) return textOf(first as JsonObject, 'body');
  return textOf(object, 'm.text') ?? textOf(object, 'org.matrix.msc1767.text') ?? textOf(object, 'body');
}

function filesOf(type: string, content: JsonObject): NamedFile[] {
  const file = objectOf(content, 'file');
  const url = textOf(file, 'url') ?? textOf(content, 'url');
  const carries = type === 'm.sticker' || FILES.has(textOf(content, 'msgtype') ?? '') || file !== null;
  if (url === null || !carries) return [];
  const info = objectOf(content, 'info');
  const name = textOf(content, 'filename') ?? textOf(content, 'body');
  return [{ name, mime: textOf(info, 'mimetype'), size: integerOf(info, 'size'), url, file }];
}
