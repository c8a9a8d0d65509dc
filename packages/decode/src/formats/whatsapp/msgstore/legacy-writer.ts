import type { Direction, ItemKind } from '@custody/evidence';
import { columnsOf, integer, type KeptColumn, keptColumns, keptValue } from '../../../row-store/columns.ts';
import type { RowCursor, Rowid, SqliteTable } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import { isShared } from './jid.ts';
import { writeNamedFile } from './media.ts';
import { writeSentAt, writeTalk, writeTime } from './message-head.ts';
import { isMembershipAction, type SideSet } from './side-set.ts';

/** `status` of rows that the app wrote itself (Anglano 2014, table 5). */
const STATUS_SYSTEM = 6;
const TYPE_LOCATION = '5';
const TYPE_REVOKED = '15';
const TYPE_LIVE_LOCATION = '16';

const NAMES = [
  'key_remote_jid',
  'key_from_me',
  'key_id',
  'status',
  'data',
  'timestamp',
  'media_mime_type',
  'media_wa_type',
  'media_size',
  'media_name',
  'media_caption',
  'media_hash',
  'latitude',
  'longitude',
  'remote_resource',
  'received_timestamp',
  'receipt_server_timestamp',
  'receipt_device_timestamp',
  'read_device_timestamp',
  'played_device_timestamp',
  'quoted_row_id',
] as const;
/** Columns that the item says in its own words; the rest is kept by name. */
const NOT_KEPT = NAMES.filter((name) => !['status', 'media_wa_type', 'latitude', 'longitude'].includes(name));
const FILE_TYPES: ReadonlySet<string> = new Set(['1', '2', '3', '9', '13', '20']);

/** Rows of `messages`, the main table until about 2022, and of `messages_quotes`, which has the same columns. */
export class LegacyWriter {
  readonly #at: Readonly<Record<(typeof NAMES)[number], number>>;
  readonly #kept: readonly KeptColumn[];
  readonly #sides: SideSet | null;
  readonly #ownedElsewhere: (rowid: Rowid) => boolean;

  /** `ownedElsewhere` tells rowids whose side rows belong to the new table. A copy for a reply has no side rows. */
  constructor(table: SqliteTable, sides: SideSet | null, ownedElsewhere: (rowid: Rowid) => boolean) {
    this.#at = columnsOf(table, NAMES);
    this.#kept = keptColumns(table, [...NOT_KEPT, 'lookup_tables']);
    this.#sides = sides;
    this.#ownedElsewhere = ownedElsewhere;
  }

  write(row: RowCursor, context: ItemContext): void {
    const at = this.#at;
    const { out } = context;
    if (this.#ownedElsewhere(row.rowid)) this.#sides?.clear();
    else this.#sides?.moveTo(row.rowid);
    const chat = row.text(at.key_remote_jid);
    const fromMe = row.int(at.key_from_me) === 1;
    const type = row.text(at.media_wa_type) ?? row.int(at.media_wa_type)?.toString() ?? '';
    const system = row.int(at.status) === STATUS_SYSTEM;
    const placeholder = chat === '-1';
    out.begin(this.#kind(row, type, placeholder), 'whatsapp', system ? 'system' : direction(fromMe));
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(context.authentication);
    const key = row.textBytes(at.key_id);
    if (key !== null) out.messageIdBytes(key.bytes, key.start, key.end);
    if (!placeholder) this.#writeTalk(row, context, { chat, fromMe, system });
    this.#writeTimes(row, context, fromMe);
    this.#writeBody(row, context);
    if (FILE_TYPES.has(type)) this.#writeFile(row, context);
    if (this.#sides !== null) this.#writeReply(row, context);
    // A message that was deleted for everyone keeps its row and its id.
    if (type === TYPE_REVOKED && !system) this.#writeDeleted(row, context);
    for (const { name, at: column } of this.#kept) {
      const value = keptValue(row, column);
      if (value !== null) out.field(name, value);
    }
    if (system) {
      const action = integer(row, at.media_size);
      if (action !== null) out.field('action', action);
    }
    this.#sides?.attach(context);
    out.end();
    context.tally.decoded++;
  }

  #kind(row: RowCursor, type: string, placeholder: boolean): ItemKind {
    if (placeholder || this.#sides === null) return 'note';
    if (row.int(this.#at.status) === STATUS_SYSTEM) {
      return isMembershipAction(integer(row, this.#at.media_size)) ? 'membership' : 'message';
    }
    if (type === TYPE_REVOKED) return 'deletion';
    return type === TYPE_LOCATION || type === TYPE_LIVE_LOCATION ? 'location' : 'message';
  }

  #writeTalk(
    row: RowCursor,
    context: ItemContext,
    talk: { readonly chat: string | null; readonly fromMe: boolean; readonly system: boolean },
  ): void {
    const resource = row.text(this.#at.remote_resource);
    const { chat, fromMe } = talk;
    // The owner's own messages to a group name the group's members here, or nothing; events whom they are about.
    const named = resource === null || resource === '' ? null : resource;
    const sender = fromMe && !talk.system ? null : named;
    writeTalk(context, { fromMe, chat, subject: null, sender });
    if (named !== null && sender === null) context.out.field('remote_resource', named);
    if (this.#sides === null) return;
    if (chat === null || (sender === null && !fromMe && !talk.system && isShared(chat))) context.tally.unresolved++;
  }

  #writeTimes(row: RowCursor, context: ItemContext, fromMe: boolean): void {
    const at = this.#at;
    writeSentAt(context, row.int(at.timestamp), fromMe);
    writeTime(context, 'received', { value: row.int(at.received_timestamp), clock: 'device' });
    writeTime(context, 'serverReceipt', { value: row.int(at.receipt_server_timestamp), clock: 'device' });
    writeTime(context, 'delivered', { value: row.int(at.receipt_device_timestamp), clock: 'device' });
    writeTime(context, 'read', { value: row.int(at.read_device_timestamp), clock: 'device' });
    writeTime(context, 'played', { value: row.int(at.played_device_timestamp), clock: 'device' });
  }

  #writeBody(row: RowCursor, { out }: ItemContext): void {
    const at = this.#at;
    const span = row.textBytes(at.data) ?? row.textBytes(at.media_caption) ?? row.textBytes(at.media_name);
    if (span !== null) out.bodyBytes(span.bytes, span.start, span.end);
    // With a text in `data` a caption beside it would be lost otherwise.
    const caption = row.type(at.data) === 'text' ? row.text(at.media_caption) : null;
    if (caption !== null && caption !== '') out.field('media_caption', caption);
  }

  #writeFile(row: RowCursor, context: ItemContext): void {
    const at = this.#at;
    if (this.#sides?.has('message_media')) return;
    const { media_name: path, media_mime_type: mime, media_size: size, media_hash: hash } = at;
    writeNamedFile(context, row, { path, name: -1, mime, size, otherSize: -1, hash });
  }

  #writeDeleted(row: RowCursor, { out }: ItemContext): void {
    const id = row.text(this.#at.key_id);
    if (this.#sides !== null && id !== null && !this.#sides.has('message_revoked')) out.ref('deletes', id);
  }

  #writeReply(row: RowCursor, context: ItemContext): void {
    const quoted = row.int(this.#at.quoted_row_id);
    if (quoted === null || quoted <= 0 || this.#sides?.has('message_quoted')) return;
    const id = context.names.quotedKeys.get(quoted);
    if (id !== null) context.out.ref('reply-to', id);
    else context.tally.unresolved++;
  }
}

function direction(fromMe: boolean): Direction {
  return fromMe ? 'outgoing' : 'incoming';
}
