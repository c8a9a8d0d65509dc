import type { Direction, ItemKind } from '@custody/evidence';
import { columnsOf, integer, type KeptColumn, keptColumns, keptValue } from '../../../row-store/columns.ts';
import type { RowCursor, SqliteTable } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import { isShared } from './jid.ts';
import { writeSentAt, writeTalk, writeTime } from './message-head.ts';
import { isMembershipAction, type SideSet } from './side-set.ts';
import { systemEvent } from './system-event.ts';

/** Numbers of `message_type` that the kind of an item depends on; the number itself is always kept. */
const SYSTEM = 7;
const REVOKED = 15;

const NAMES = [
  'chat_row_id',
  'from_me',
  'key_id',
  'sender_jid_row_id',
  'timestamp',
  'received_timestamp',
  'receipt_server_timestamp',
  'message_type',
  'text_data',
] as const;
/** Besides those, what repeats the rowid or only steers the app's own reading. */
const NOT_KEPT = [...NAMES, 'sort_id', 'lookup_tables', 'message_type'];

/** Rows of `message`, the main table since about 2022. */
export class MessageWriter {
  readonly #at: Readonly<Record<(typeof NAMES)[number], number>>;
  readonly #kept: readonly KeptColumn[];
  readonly #sides: SideSet;

  constructor(table: SqliteTable, sides: SideSet) {
    this.#at = columnsOf(table, NAMES);
    this.#kept = keptColumns(table, NOT_KEPT);
    this.#sides = sides;
  }

  write(row: RowCursor, context: ItemContext): void {
    const at = this.#at;
    const { out, names } = context;
    const sides = this.#sides;
    sides.moveTo(row.rowid);
    const type = integer(row, at.message_type);
    const fromMe = row.int(at.from_me) === 1;
    const placeholder = row.int(at.chat_row_id) === -1;
    const chat = names.chats.get(row.int(at.chat_row_id));
    const senderRow = row.int(at.sender_jid_row_id);
    const sender = names.jids.get(senderRow);
    out.begin(placeholder ? 'note' : this.#kind(type), 'whatsapp', this.#direction(type, fromMe));
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(context.authentication);
    const key = row.textBytes(at.key_id);
    if (key !== null) out.messageIdBytes(key.bytes, key.start, key.end);
    writeTalk(context, { fromMe, chat: chat?.jid ?? null, subject: chat?.subject ?? null, sender });
    const unnamed = sender === null && !fromMe && type !== SYSTEM && chat?.jid != null && isShared(chat.jid);
    if (!placeholder && ((chat?.jid ?? null) === null || unnamed)) context.tally.unresolved++;
    writeSentAt(context, row.int(at.timestamp), fromMe);
    writeTime(context, 'received', { value: row.int(at.received_timestamp), clock: 'device' });
    writeTime(context, 'serverReceipt', { value: row.int(at.receipt_server_timestamp), clock: 'device' });
    const text = row.textBytes(at.text_data);
    if (text !== null) out.bodyBytes(text.bytes, text.start, text.end);
    else this.#sideAsBody(context);
    // A message that was deleted for everyone keeps its row and its id.
    const id = type === REVOKED && !sides.has('message_revoked') ? row.text(at.key_id) : null;
    if (id !== null) out.ref('deletes', id);
    if (type !== null) out.field('message_type', type);
    const event = systemEvent(sides.integer('message_system', 'action_type'));
    if (event !== null) out.field('event_in_words', event);
    if (sides.has('message_view_once_media')) out.field('view_once', true);
    for (const { name, at: column } of this.#kept) {
      const value = keptValue(row, column);
      if (value !== null) out.field(name, value);
    }
    sides.attach(context);
    out.end();
    context.tally.decoded++;
  }

  #kind(type: number | null): ItemKind {
    const sides = this.#sides;
    if (type === REVOKED || sides.has('message_revoked')) return 'deletion';
    if (sides.has('message_edit_info')) return 'edit';
    if (sides.has('message_location')) return 'location';
    if (sides.has('message_system')) {
      return isMembershipAction(sides.integer('message_system', 'action_type')) ? 'membership' : 'message';
    }
    return 'message';
  }

  #direction(type: number | null, fromMe: boolean): Direction {
    if (type === SYSTEM || this.#sides.has('message_system')) return 'system';
    return fromMe ? 'outgoing' : 'incoming';
  }

  /** A shared place has no text of its own: its name and address are what can be read; of a file, what stands under it. */
  #sideAsBody({ out }: ItemContext): void {
    const sides = this.#sides;
    const caption = sides.text('message_media', 'media_caption');
    if (caption !== null && caption !== '') out.body(caption);
    if (!sides.has('message_location')) return;
    const parts = ['place_name', 'place_address'].map((column) => sides.text('message_location', column));
    const text = parts.filter((part) => part !== null && part !== '').join('\n');
    if (text !== '') out.body(text);
  }
}
