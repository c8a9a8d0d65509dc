import type { BatchWriter, Clock, Instant } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { columnsOf, keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowSink, RowWriter } from '../../row-store/row-decoder.ts';
import type { StoreScope } from '../../row-store/store-app.ts';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';
import { messageKind } from './message-kind.ts';
import { type People, writeParty } from './people.ts';
import type { SideTables } from './side-tables.ts';
import { openStatedFile, type StatedFile } from './stored-files.ts';
import { type JsonObject, listOf, numberOf, objectOf, StoredRow, textOf } from './stored-row.ts';

/** The last millisecond that a Date can hold (ECMA-262 21.4.1.1). */
const LAST_MS = 8.64e15;

/** 2014, before there was a desktop app: lower numbers are no times. */
const FIRST_RECEIVED = 1.388e12;

/** A group has 1,000 members, a message ten versions; a hostile row may say any number. */
const MOST_PARTS = 2000;

/** Columns that stand in the model; all others are kept under their names. */
const PLACED = [
  ...['id', 'json', 'body', 'type', 'sent_at', 'received_at', 'received_at_ms', 'timestamp', 'conversationid'],
  ...['source', 'sourceuuid', 'sourceserviceid', 'servertimestamp', 'hasattachments', 'rowid'],
];

/** Names of the JSON that stand in the model or repeat columns under their older names. */
const PLACED_IN_JSON: ReadonlySet<string> = new Set([
  ...['id', 'body', 'type', 'sent_at', 'received_at', 'received_at_ms', 'timestamp', 'conversationId', 'source'],
  ...['sourceUuid', 'sourceServiceId', 'serverTimestamp', 'hasAttachments', 'attachments', 'editHistory', 'reactions'],
  ...['quote', 'deletedForEveryone', 'sticker', 'schemaVersion', 'quotedText', 'quotedAuthor'],
]);

export interface MessageParts {
  readonly scope: StoreScope;
  readonly people: People;
  readonly sides: SideTables;
}

/** One row of `messages`: the message as it was first said, its later versions, and reactions to it. */
export function messageWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const kept = keptColumns(table, PLACED);
  return (cursor, sink) => {
    const row = new StoredRow(cursor, table);
    // The last version comes first in the history, which is there only once something was edited.
    const versions = listOf(row.json.editHistory).toReversed();
    const first = versions[0];
    new VersionWriter(cursor, row, parts, sink).write({
      kind: messageKind(row).kind,
      body: first === undefined ? row.text('body') : textOf(first.body),
      history: first === undefined ? -1 : versions.length - 1,
      extra: () => {
        for (const { name, at } of kept) {
          const value = keptValue(cursor, at);
          if (value !== null) sink.out.field(name, value);
        }
        for (const [name, value] of row.others(PLACED_IN_JSON)) sink.out.field(name, value);
      },
    });
    versions.slice(1, MOST_PARTS).forEach((version, i) => {
      new VersionWriter(cursor, row, parts, sink).write({
        kind: 'edit',
        body: textOf(version.body),
        version,
        history: versions.length - 2 - i,
        extra: () => {},
      });
    });
    const reactions = listOf(row.json.reactions);
    for (const reaction of reactions.slice(0, MOST_PARTS)) writeReaction(reaction, { cursor, row, parts, sink });
    const left = Math.max(0, versions.length - MOST_PARTS) + Math.max(0, reactions.length - MOST_PARTS);
    if (left === 0) return;
    const detail = `The row has ${left} versions and reactions more than a message can have; they are not shown.`;
    sink.out.finding(finding('LIMIT_EXCEEDED', cursor.locator(), { records: 0, detail, class: 'doubt' }));
  };
}

interface Version {
  readonly kind: 'edit' | ReturnType<typeof messageKind>['kind'];
  readonly body: string | null;
  readonly version?: JsonObject;
  /** Place in the history; -1 without one. */
  readonly history: number;
  readonly extra: () => void;
}

class VersionWriter {
  readonly #cursor: RowCursor;
  readonly #row: StoredRow;
  readonly #parts: MessageParts;
  readonly #sink: RowSink;

  constructor(cursor: RowCursor, row: StoredRow, parts: MessageParts, sink: RowSink) {
    this.#cursor = cursor;
    this.#row = row;
    this.#parts = parts;
    this.#sink = sink;
  }

  write({ kind, body, version, history, extra }: Version): void {
    const row = this.#row;
    const { out } = this.#sink;
    const { direction } = messageKind(row);
    out.begin(kind, 'signal', direction);
    const begin = version === undefined ? beginRow : beginPart;
    begin(out, this.#cursor, this.#parts.scope);
    const original = row.number('sent_at', 'timestamp');
    const sent = version === undefined ? original : numberOf(version.timestamp);
    if (sent !== null) out.messageId(String(sent));
    writeTalk(out, row, this.#parts);
    writeTimes(out, { row, sent, isOwn: direction === 'outgoing', version });
    if (body !== null) out.body(body);
    if (kind === 'edit' && original !== null) out.ref('edits', String(original));
    if (kind === 'deletion' && original !== null) out.ref('deletes', String(original));
    this.#writeQuote(version ?? row.json);
    this.#writeFiles(version, history);
    const id = row.text('id');
    if (id !== null) out.field('id', id);
    const type = row.text('type');
    if (type !== null) out.field('type', type);
    extra();
    out.end();
  }

  #writeQuote(json: JsonObject): void {
    const quote = objectOf(json.quote);
    const id = textOf(quote.id);
    if (id === null) return;
    const { out } = this.#sink;
    out.ref('reply-to', id);
    const text = textOf(quote.text);
    if (text !== null && text !== '') out.field('quotedText', text);
    const author = textOf(quote.authorAci) ?? textOf(quote.authorUuid) ?? textOf(quote.author);
    if (author !== null) out.field('quotedAuthor', author);
  }

  /** Files stand in rows of their own since 2025, and in the JSON of the message before. */
  #writeFiles(version: JsonObject | undefined, history: number): void {
    const { attachmentTable } = this.#parts.sides;
    const id = this.#row.text('id');
    let found = false;
    if (attachmentTable !== null && id !== null) {
      for (const cursor of this.#parts.sides.attachmentsOf(id)) {
        const { at, stated } = attachmentRow(cursor, attachmentTable);
        // -1 is the message as it is last, which is also version 0.
        if (history >= 0 && at !== history && !(history === 0 && at < 0)) continue;
        found = true;
        this.#sink.out.source(cursor.locator());
        this.#sink.out.raw(cursor.record());
        this.#write(stated);
      }
    }
    if (!found) for (const stated of filesInJson(version ?? this.#row.json)) this.#write(stated);
  }

  #write(stated: StatedFile): void {
    this.#sink.out.attachment(openStatedFile(stated, this.#parts.scope.attached, this.#sink.tally));
  }
}

/** Columns of `message_attachments`. */
export function attachmentRow(cursor: RowCursor, table: SqliteTable): { at: number; stated: StatedFile } {
  const names = ['path', 'fileName', 'contentType', 'size', 'plaintextHash', 'localKey', 'editHistoryIndex'] as const;
  const at = columnsOf(table, names);
  const size = cursor.int(at.size);
  const index = cursor.int(at.editHistoryIndex);
  return {
    at: typeof index === 'number' ? index : -1,
    stated: {
      path: cursor.text(at.path) || null,
      name: cursor.text(at.fileName) || null,
      mime: cursor.text(at.contentType) || null,
      size: typeof size === 'number' ? size : null,
      plaintextHash: cursor.text(at.plaintextHash) || null,
      localKey: cursor.text(at.localKey) || null,
    },
  };
}

/** Attachments, the sticker and pictures of links, as the JSON of a message lists them. */
export function filesInJson(json: JsonObject): readonly StatedFile[] {
  const sticker = objectOf(json.sticker).data;
  const pictures = listOf(json.preview).flatMap(({ image }) => (image === undefined ? [] : [objectOf(image)]));
  const all = [...listOf(json.attachments), ...(sticker === undefined ? [] : [objectOf(sticker)]), ...pictures];
  return all.map((file) => ({
    path: textOf(file.path) || null,
    name: textOf(file.fileName) || null,
    mime: textOf(file.contentType) || null,
    size: numberOf(file.size),
    plaintextHash: textOf(file.plaintextHash) || null,
    localKey: textOf(file.localKey) || null,
  }));
}

/** A row makes one item that holds its bytes. */
export function beginRow(out: BatchWriter, cursor: RowCursor, scope: StoreScope): void {
  beginPart(out, cursor, scope);
  out.raw(cursor.record());
}

/** Further items of a row name its place only, so that what is expunged stands once. */
export function beginPart(out: BatchWriter, cursor: RowCursor, { authentication }: StoreScope): void {
  out.locator(cursor.locator());
  out.authentication(authentication);
}

/** Who wrote to whom. A conversation is named as in the other captures of Signal: by the number or id of the other side. */
function writeTalk(out: BatchWriter, row: StoredRow, { people }: MessageParts): void {
  const id = row.text('conversationId');
  const partner = people.conversation(id);
  const self = people.self === null ? null : writeParty(out, people.self);
  if (self !== null) out.owner(self);
  if (partner !== null) out.conversation(partner.party.value);
  else if (id !== null) out.conversation(id);
  const other = partner === null ? null : writeParty(out, partner.party);
  if (messageKind(row).direction === 'outgoing') {
    if (self !== null) out.sender(self);
    if (other !== null) out.recipient(other);
    return;
  }
  const source = row.text('sourceServiceId', 'sourceUuid', 'source');
  if (messageKind(row).direction !== 'incoming') {
    if (source !== null) out.sender(writeParty(out, people.person(source)));
    if (other !== null) out.recipient(other);
    return;
  }
  if (partner !== null && !partner.isGroup && other !== null) out.sender(other);
  else if (source !== null) out.sender(writeParty(out, people.person(source)));
  if (partner?.isGroup === true && other !== null) out.recipient(other);
  else if (self !== null) out.recipient(self);
}

interface Times {
  readonly row: StoredRow;
  readonly sent: number | null;
  readonly isOwn: boolean;
  readonly version: JsonObject | undefined;
}

/** `sent_at` is the sender's clock; `received_at` has been a mere counter since 2021, the time is `received_at_ms`. */
function writeTimes(out: BatchWriter, { row, sent, isOwn, version }: Times): void {
  if (sent !== null) out.sentAt(instantAt(sent, isOwn ? 'device' : 'sender'));
  const received = version === undefined ? receivedAt(row) : numberOf(version.received_at_ms);
  if (received !== null && received > 0) out.time('received', instantAt(received, 'device'));
  const server = version === undefined ? row.number('serverTimestamp') : numberOf(version.serverTimestamp);
  if (server !== null && server > 0) out.time('server', instantAt(server, 'server'));
}

/** Where there is no `received_at_ms`, which the counter never stands without, `received_at` is the time of before 2021. */
function receivedAt(row: StoredRow): number | null {
  const stated = row.number('received_at_ms');
  if (stated !== null) return stated;
  const older = row.number('received_at');
  return older !== null && older > FIRST_RECEIVED ? older : null;
}

export function instantAt(ms: number, clock: Clock): Instant {
  const utc = Number.isSafeInteger(ms) && Math.abs(ms) <= LAST_MS ? ms : null;
  return { utc, raw: String(ms), zone: 'UTC', precision: 'ms', clock };
}

interface ReactionPlace {
  readonly cursor: RowCursor;
  readonly row: StoredRow;
  readonly parts: MessageParts;
  readonly sink: RowSink;
}

function writeReaction(reaction: JsonObject, { cursor, row, parts, sink: { out } }: ReactionPlace): void {
  const { people } = parts;
  const from = textOf(reaction.fromId);
  const author = from === null ? null : people.person(from);
  const isOwn = author !== null && people.self !== null && author.value === people.self.value;
  out.begin('reaction', 'signal', author === null || people.self === null ? null : isOwn ? 'outgoing' : 'incoming');
  beginPart(out, cursor, parts.scope);
  const conversation = people.conversation(row.text('conversationId'));
  if (conversation !== null) out.conversation(conversation.party.value);
  if (author !== null) out.sender(writeParty(out, author));
  if (people.self !== null) out.owner(writeParty(out, people.self));
  const emoji = textOf(reaction.emoji);
  if (emoji !== null) out.body(emoji);
  const target = textOf(reaction.targetTimestamp) ?? row.text('sent_at', 'timestamp');
  if (target !== null) out.ref('reacts-to', target);
  const time = numberOf(reaction.timestamp);
  if (time !== null) out.sentAt(instantAt(time, isOwn ? 'device' : 'sender'));
  out.end();
}
