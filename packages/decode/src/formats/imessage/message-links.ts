import type { RowCursor, Rowid, SqliteFile, SqliteTable } from '../../sqlite/index.ts';

/** A chat as messages name it. */
export interface Chat {
  /** Telephone number, address, or the name of a group. */
  readonly identifier: string;
  readonly isGroup: boolean;
  readonly display: string | null;
  /** `P:+…` or `E:…` of the owner. */
  readonly login: string | null;
}

/** `style` of a chat: with several people, with one. */
const GROUP_STYLE = 43;

/** Which chat a message is in, which files it has and whose handle it names: rows of the tables between. */
export class MessageLinks {
  readonly handles: Map<Rowid, string> = new Map();
  readonly chats: Map<Rowid, Chat> = new Map();
  readonly #chatOf = new Map<Rowid, Rowid>();
  readonly #filesOf = new Map<Rowid, Rowid[]>();
  readonly #messageOfFile = new Set<Rowid>();
  readonly #messages: RowCursor | null;
  readonly attachmentTable: SqliteTable | null;
  readonly #attachments: RowCursor | null;

  constructor(file: SqliteFile) {
    eachRow(file.table('handle'), (row, at) => {
      const id = row.text(at('id'));
      if (id !== null) this.handles.set(row.rowid, id);
    });
    eachRow(file.table('chat'), (row, at) => this.chats.set(row.rowid, chatOf(row, at)));
    for (const name of ['chat_message_join', 'chat_recoverable_message_join']) {
      eachRow(file.table(name), (row, at) => {
        const message = row.int(at('message_id'));
        const chat = row.int(at('chat_id'));
        if (message !== null && chat !== null && !this.#chatOf.has(message)) this.#chatOf.set(message, chat);
      });
    }
    const messages = file.table('message');
    this.#messages = messages?.scan() ?? null;
    eachRow(file.table('message_attachment_join'), (row, at) => {
      const message = row.int(at('message_id'));
      const attachment = row.int(at('attachment_id'));
      if (message === null || attachment === null || !this.hasMessage(message)) return;
      this.#messageOfFile.add(attachment);
      const known = this.#filesOf.get(message);
      if (known === undefined) this.#filesOf.set(message, [attachment]);
      else known.push(attachment);
    });
    this.attachmentTable = file.table('attachment');
    this.#attachments = this.attachmentTable?.scan() ?? null;
  }

  chat(message: Rowid): Chat | null {
    const id = this.#chatOf.get(message);
    return id === undefined ? null : (this.chats.get(id) ?? null);
  }

  hasMessage(id: Rowid): boolean {
    return this.#messages?.seek(id) === true;
  }

  /** Whether an attachment row is part of a message that is there. */
  isAttached(attachment: Rowid): boolean {
    return this.#messageOfFile.has(attachment);
  }

  *attachmentsOf(message: Rowid): Generator<RowCursor> {
    for (const id of this.#filesOf.get(message) ?? [])
      if (this.#attachments?.seek(id) === true) yield this.#attachments;
  }
}

function chatOf(row: RowCursor, at: (name: string) => number): Chat {
  const identifier = row.text(at('chat_identifier')) ?? row.text(at('guid')) ?? `chat:${row.rowid}`;
  return {
    identifier,
    isGroup: row.int(at('style')) === GROUP_STYLE || /^chat\d+$/.test(identifier),
    display: row.text(at('display_name')) || null,
    login: row.text(at('account_login')) || null,
  };
}

function eachRow(table: SqliteTable | null, use: (row: RowCursor, at: (name: string) => number) => void): void {
  if (table === null) return;
  const at = (name: string): number => table.column(name) ?? -1;
  const cursor = table.scan();
  while (cursor.next()) use(cursor, at);
}
