import { columnsOf, type KeptColumn, keptColumns, keptValue } from '../../../row-store/columns.ts';
import type { RowCursor, SqliteTable } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import { writeSentAt, writeTalk } from './message-head.ts';
import type { SideSet } from './side-set.ts';

const NAMES = ['chat_row_id', 'from_me', 'key_id', 'sender_jid_row_id', 'parent_message_row_id', 'timestamp'] as const;

/** Rows of `message_add_on`: reactions; other kinds (poll votes, keeps) become notes with their number. */
export class AddOnWriter {
  readonly #at: Readonly<Record<(typeof NAMES)[number], number>>;
  readonly #kept: readonly KeptColumn[];
  readonly #sides: SideSet;

  constructor(table: SqliteTable, sides: SideSet) {
    this.#at = columnsOf(table, NAMES);
    this.#kept = keptColumns(table, NAMES);
    this.#sides = sides;
  }

  write(row: RowCursor, context: ItemContext): void {
    const at = this.#at;
    const { out, names } = context;
    this.#sides.moveTo(row.rowid);
    const isReaction = this.#sides.has('message_add_on_reaction');
    const fromMe = row.int(at.from_me) === 1;
    const chat = names.chats.get(row.int(at.chat_row_id));
    out.begin(isReaction ? 'reaction' : 'note', 'whatsapp', fromMe ? 'outgoing' : 'incoming');
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(context.authentication);
    const key = row.text(at.key_id);
    if (key !== null) out.messageId(key);
    const sender = names.jids.get(row.int(at.sender_jid_row_id));
    writeTalk(context, { fromMe, chat: chat?.jid ?? null, subject: chat?.subject ?? null, sender });
    writeSentAt(context, row.int(at.timestamp), fromMe);
    const parent = names.messages.get(row.int(at.parent_message_row_id))?.id ?? null;
    if (parent !== null) out.ref(isReaction ? 'reacts-to' : 'part-of', parent);
    else context.tally.unresolved++;
    const emoji = this.#sides.text('message_add_on_reaction', 'reaction');
    if (emoji !== null) out.body(emoji);
    for (const { name, at: column } of this.#kept) {
      const value = keptValue(row, column);
      if (value !== null) out.field(name, value);
    }
    this.#sides.attach(context);
    out.end();
    context.tally.decoded++;
  }
}
