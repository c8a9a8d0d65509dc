import { hash } from 'node:crypto';
import type { PairWriter } from '../../row-store/pair-writer.ts';
import type { StoreScope } from '../../row-store/store-app.ts';
import type { RowCursor, Rowid, SqliteFile, SqliteTable } from '../../sqlite/index.ts';
import { listOf, numberOf, StoredRow, textOf } from './stored-row.ts';

/** Rows by the id of a message, cut to 48 bits of its hash: whoever finds one compares the id itself. */
export const SIDE_INDEXES = ['attachments', 'messages'] as const;
const KEY_BYTES = 6;

export function indexSides(file: SqliteFile, into: (name: (typeof SIDE_INDEXES)[number]) => PairWriter): void {
  const sides = [file.table('message_attachments'), file.table('reactions')];
  eachId(sides[0] ?? null, 'messageId', (id, rowid) => into('attachments').add(keyOf(id), rowid));
  if (!sides.some((table) => table?.scan().next() === true)) return;
  eachId(file.table('messages'), 'id', (id, rowid) => into('messages').add(keyOf(id), rowid));
}

/** What rows of other tables need to know of messages, and messages of them. */
export class SideTables {
  readonly attachmentTable: SqliteTable | null;
  readonly #index: StoreScope['index'];
  readonly #attachments: RowCursor | null;
  readonly #messageTable: SqliteTable | null;
  readonly #messages: RowCursor | null;

  constructor({ file, index }: Pick<StoreScope, 'file' | 'index'>) {
    this.attachmentTable = file.table('message_attachments');
    this.#attachments = this.attachmentTable?.scan() ?? null;
    this.#messageTable = file.table('messages');
    this.#messages = this.#messageTable?.scan() ?? null;
    this.#index = index;
  }

  /** Attachment rows of a message, one by one, as a cursor that shows them. */
  *attachmentsOf(messageId: string): Generator<RowCursor> {
    const at = this.attachmentTable?.column('messageId') ?? -1;
    for (const rowid of this.#index('attachments').values(keyOf(messageId))) {
      const row = this.#attachments;
      if (row?.seek(rowid) === true && row.text(at) === messageId) yield row;
    }
  }

  hasMessage(id: string): boolean {
    return this.#message(id) !== null;
  }

  /** The time by which rows of other tables name a message. */
  sentAt(id: string): number | null {
    return this.#message(id)?.number('sent_at', 'timestamp') ?? null;
  }

  /** Whether the message itself holds this reaction, which then is an item already. */
  isInMessage(messageId: string, from: string | null, emoji: string | null): boolean {
    return listOf(this.#message(messageId)?.json.reactions).some((one) => {
      if (numberOf(one.timestamp) === null && textOf(one.emoji) === null) return false;
      return textOf(one.fromId) === from && textOf(one.emoji) === emoji;
    });
  }

  #message(id: string): StoredRow | null {
    const [row, table] = [this.#messages, this.#messageTable];
    if (row === null || table === null) return null;
    for (const rowid of this.#index('messages').values(keyOf(id))) {
      if (row.seek(rowid) && row.text(table.column('id') ?? -1) === id) return new StoredRow(row, table);
    }
    return null;
  }
}

function keyOf(id: string): number {
  return hash('sha256', id, 'buffer').readUIntBE(0, KEY_BYTES);
}

function eachId(table: SqliteTable | null, name: string, use: (id: string, rowid: Rowid) => void): void {
  const at = table?.column(name) ?? -1;
  const cursor = table?.scan();
  while (cursor?.next() === true) {
    const id = cursor.text(at);
    if (id !== null) use(id, cursor.rowid);
  }
}
