import type { RowCursor, Rowid, SqliteFile, SqliteTable } from '../../sqlite/index.ts';
import { listOf, numberOf, StoredRow, textOf } from './stored-row.ts';

/** Rows of side tables that are remembered; a hostile file may have any number. */
const MOST_KEPT = 2_000_000;

/** What rows of other tables need to know of messages, and messages of them. Made once, when a side table has rows. */
export class SideTables {
  readonly #attachments = new Map<string, Rowid[]>();
  /** Reactions that the JSON of a message holds, too. */
  readonly #reactions = new Set<string>();
  /** Messages that side tables name and that are there, with the sent time by which others name them. */
  readonly #messages = new Map<string, number | null>();
  readonly attachmentTable: SqliteTable | null;
  readonly #cursor: RowCursor | null;

  constructor(file: SqliteFile) {
    this.attachmentTable = file.table('message_attachments');
    const wanted = new Set<string>();
    eachRow(this.attachmentTable, (row, table) => {
      const id = row.text(table.column('messageId') ?? -1);
      if (id === null || wanted.size >= MOST_KEPT) return;
      wanted.add(id);
      const known = this.#attachments.get(id);
      if (known === undefined) this.#attachments.set(id, [row.rowid]);
      else known.push(row.rowid);
    });
    eachRow(file.table('reactions'), (row, table) => {
      const id = row.text(table.column('messageId') ?? -1);
      if (id !== null && wanted.size < MOST_KEPT) wanted.add(id);
    });
    if (wanted.size > 0) this.#readMessages(file, wanted);
    this.#cursor = this.attachmentTable?.scan() ?? null;
  }

  /** Attachment rows of a message, one by one, as a cursor that shows them. */
  *attachmentsOf(messageId: string): Generator<RowCursor> {
    for (const rowid of this.#attachments.get(messageId) ?? []) {
      if (this.#cursor?.seek(rowid) === true) yield this.#cursor;
    }
  }

  hasMessage(id: string): boolean {
    return this.#messages.has(id);
  }

  sentAt(id: string): number | null {
    return this.#messages.get(id) ?? null;
  }

  /** Whether the message itself holds this reaction, which then is an item already. */
  isInMessage(messageId: string, from: string | null, emoji: string | null): boolean {
    return this.#reactions.has(reactionKey(messageId, from, emoji));
  }

  #readMessages(file: SqliteFile, wanted: ReadonlySet<string>): void {
    eachRow(file.table('messages'), (row, table) => {
      const id = row.text(table.column('id') ?? -1);
      if (id === null || !wanted.has(id)) return;
      const stored = new StoredRow(row, table);
      this.#messages.set(id, stored.number('sent_at', 'timestamp'));
      for (const one of listOf(stored.json.reactions)) {
        if (numberOf(one.timestamp) === null && textOf(one.emoji) === null) continue;
        this.#reactions.add(reactionKey(id, textOf(one.fromId), textOf(one.emoji)));
      }
    });
  }
}

function reactionKey(messageId: string, from: string | null, emoji: string | null): string {
  return JSON.stringify([messageId, from, emoji]);
}

function eachRow(table: SqliteTable | null, use: (row: RowCursor, table: SqliteTable) => void): void {
  if (table === null) return;
  const cursor = table.scan();
  while (cursor.next()) use(cursor, table);
}
