import { isUtf8 } from 'node:buffer';
import type { BatchWriter, InstantStatement } from '@custody/evidence';
import { DecimalText } from './decimal-text.ts';
import { FieldMap } from './field-map.ts';
import { begin, type Directory, instant, type RowPlace, writeAuthor, writeConversation } from './item-writer.ts';
import { type MessageColumns, messageColumns } from './message-columns.ts';
import { messageType } from './message-type.ts';
import { type OldReaction, readOldReactions } from './old-reactions.ts';
import { personIn, writeParty } from './people.ts';
import { sentOf } from './sent-times.ts';
import type { Row } from './tables.ts';

type Direction = ReturnType<typeof messageType>['direction'];

const OWN_CLOCK: InstantStatement = { zone: 'UTC', precision: 'ms', clock: 'device' };
const OTHERS_CLOCK: InstantStatement = { zone: 'UTC', precision: 'ms', clock: 'sender' };
const SERVER_CLOCK: InstantStatement = { zone: 'UTC', precision: 'ms', clock: 'server' };

/** Writes the items of rows of messages: most of what a backup holds, so columns are found once for a table. */
export class MessageWriter {
  readonly #out: BatchWriter;
  readonly #directory: Directory;
  readonly #digits = new DecimalText();
  readonly #fields: FieldMap;

  constructor(out: BatchWriter, directory: Directory) {
    this.#out = out;
    this.#directory = directory;
    this.#fields = new FieldMap(directory.withheld);
  }

  write(row: Row, place: RowPlace): void {
    const out = this.#out;
    const directory = this.#directory;
    const columns = messageColumns(row.definition);
    const type = messageType(row.numberAt(columns.type) ?? -1);
    const original = row.numberAt(columns.original);
    out.begin(type.kind === 'message' && original !== null ? 'edit' : type.kind, 'signal', type.direction);
    begin(out, place);
    const sent = row.numberAt(columns.sent);
    const { direction } = type;
    writeConversation(out, directory, row.numberAt(columns.thread));
    const fields = this.#fields.begin();
    if (type.words !== null) fields.set('type_in_words', type.words);
    this.#ends(row, columns, direction);
    this.#times(row, columns, { sent, direction });
    writeBody(out, row, columns.body);
    const quoted = row.numberAt(columns.quote);
    if (quoted !== null && quoted > 0) out.ref('reply-to', String(quoted));
    if (original !== null) out.ref('edits', String(sentOf(directory.sent, row.table, original) ?? `row:${original}`));
    this.#attachments(row, place);
    const list = columns.reactions < 0 ? null : row.valueAt(columns.reactions);
    const reactions = list instanceof Uint8Array ? readOldReactions(list) : null;
    fields.write(out, row, { columns, without: reactions === null ? -1 : columns.reactions });
    out.end();
    for (const one of reactions ?? []) this.#oldReaction(one, place, sent);
    if (type.kind === 'message' && isDeleted(row, columns)) this.#deletion(row, place, { columns, direction });
  }

  #attachments(row: Row, { locator: { row: id } }: RowPlace): void {
    const { attachments, attachedTo } = this.#directory;
    if (id === null || attachments.size === 0 || row.table !== attachedTo) return;
    const captions: string[] = [];
    for (const one of attachments.get(id) ?? []) {
      const { locator, damaged: _damaged, caption, ...attachment } = one;
      this.#out.source(locator);
      this.#out.attachment(attachment);
      if (caption !== null) captions.push(caption);
    }
    if (captions.length > 0) this.#fields.set('captions', captions);
  }

  /** Deleted for everyone: the row stays, without what it said. When that was is not said: the time is the message's. */
  #deletion(
    row: Row,
    place: RowPlace,
    { columns, direction }: { readonly columns: MessageColumns; readonly direction: Direction },
  ): void {
    const out = this.#out;
    const directory = this.#directory;
    const sent = row.numberAt(columns.sent);
    out.begin('deletion', 'signal', direction);
    begin(out, place);
    writeConversation(out, directory, row.numberAt(columns.thread));
    this.#fields.begin();
    this.#ends(row, columns, direction);
    this.#times(row, columns, { sent, direction, isNamed: false });
    if (sent !== null) out.ref('deletes', String(sent));
    this.#fields.writeSet(out);
    out.end();
  }

  /** Until 2021 the reactions to a message stood in its own row. */
  #oldReaction({ emoji, author, sent, received }: OldReaction, place: RowPlace, message: number | null): void {
    const out = this.#out;
    const directory = this.#directory;
    const isOwn = author === directory.self;
    out.begin('reaction', 'signal', directory.self === null ? null : isOwn ? 'outgoing' : 'incoming');
    begin(out, place);
    out.sender(writeParty(out, directory, author));
    writeAuthor(out, directory, author);
    if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
    out.body(emoji);
    if (message !== null) out.ref('reacts-to', String(message));
    if (sent > 0) out.sentAt(instant(sent, isOwn ? 'device' : 'sender'));
    if (received > 0) out.time('received', instant(received, 'device'));
    out.end();
  }

  /** Since version 185 of the database a row says from whom to whom; before it names the other one. */
  #ends(row: Row, columns: MessageColumns, direction: Direction): void {
    const out = this.#out;
    const directory = this.#directory;
    const { self } = directory;
    if (self !== null) out.owner(writeParty(out, directory, self));
    const from = row.numberAt(columns.from);
    if (from !== null) {
      this.#sender(from);
      this.#recipient(row.numberAt(columns.to));
      return;
    }
    const other = personIn(directory, row, 'recipient_id', 'address');
    if (direction === 'outgoing') {
      if (self !== null) this.#sender(self);
      this.#recipient(other);
      return;
    }
    if (other !== null) this.#sender(other);
    const thread = directory.threads.get(row.numberAt(columns.thread) ?? -1) ?? null;
    // In a group the thread is with the group; else it is with the one who wrote, and the owner received it.
    if (direction === 'incoming') this.#recipient(thread !== null && thread !== other ? thread : self);
  }

  #sender(id: number): void {
    this.#out.sender(writeParty(this.#out, this.#directory, id));
    const aci = this.#directory.acis.get(id);
    if (aci !== undefined) this.#fields.set('author_aci', aci);
  }

  #recipient(id: number | null): void {
    if (id === null) return;
    this.#out.recipient(writeParty(this.#out, this.#directory, id));
    const aci = this.#directory.acis.get(id);
    if (aci !== undefined) this.#fields.set('recipient_aci', aci);
  }

  #times(
    row: Row,
    columns: MessageColumns,
    { sent, direction, isNamed = true }: { sent: number | null; direction: Direction; isNamed?: boolean },
  ): void {
    const out = this.#out;
    if (sent !== null) {
      const { source, end } = this.#digits.write(sent);
      if (isNamed) out.messageIdBytes(source, 0, end);
      out.sentAtBytes(sent, direction === 'outgoing' ? OWN_CLOCK : OTHERS_CLOCK, source, 0, end);
    }
    const received = row.numberAt(columns.received);
    if (received !== null && received > 0) out.timeBytes('received', received, OWN_CLOCK, this.#digits.write(received));
    const server = row.numberAt(columns.server);
    if (server !== null && server > 0) out.timeBytes('server', server, SERVER_CLOCK, this.#digits.write(server));
  }
}

function isDeleted(row: Row, { deleted, deletedBy }: MessageColumns): boolean {
  return row.numberAt(deleted) === 1 || (row.numberAt(deletedBy) ?? 0) > 0;
}

/** Bytes as they stand; those that are no UTF-8 are replaced in the item, and kept in its raw record. */
function writeBody(out: BatchWriter, row: Row, column: number): void {
  const bytes = row.textBytesAt(column);
  if (bytes !== null && isUtf8(bytes)) out.bodyBytes(bytes);
  else {
    const body = row.textAt(column);
    if (body !== null) out.body(body);
  }
}
