import { Lookup } from '../../row-store/lookup.ts';
import type { PairWriter } from '../../row-store/pair-writer.ts';
import type { StoreScope } from '../../row-store/store-app.ts';
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

/** Rows of the tables between messages and what they belong to: there may be as many as messages. */
export const LINK_INDEXES = ['chat of message', 'files of message', 'messages of file'] as const;

export function indexLinks(file: SqliteFile, into: (name: (typeof LINK_INDEXES)[number]) => PairWriter): void {
  const chats = into('chat of message');
  for (const name of ['chat_message_join', 'chat_recoverable_message_join']) {
    eachPair(file.table(name), 'chat_id', (message, chat) => chats.add(message, chat));
  }
  const [files, messages] = [into('files of message'), into('messages of file')];
  eachPair(file.table('message_attachment_join'), 'attachment_id', (message, attachment) => {
    files.add(message, attachment);
    messages.add(attachment, message);
  });
}

/** Which chat a message is in, which files it has and whose handle it names. */
export class MessageLinks {
  readonly handles: Lookup<string | null>;
  readonly chats: Lookup<Chat>;
  readonly attachmentTable: SqliteTable | null;
  readonly #index: StoreScope['index'];
  readonly #messages: RowCursor | null;
  readonly #attachments: RowCursor | null;

  constructor({ file, index }: Pick<StoreScope, 'file' | 'index'>) {
    const read =
      <T>(table: SqliteTable | null, one: (row: RowCursor, at: ColumnNumber) => T) =>
      (row: RowCursor) =>
        one(row, (name) => table?.column(name) ?? -1);
    const [handle, chat] = [file.table('handle'), file.table('chat')];
    this.handles = new Lookup(
      handle,
      read(handle, (row, at) => row.text(at('id'))),
    );
    this.chats = new Lookup(chat, read(chat, chatOf));
    this.#messages = file.table('message')?.scan() ?? null;
    this.attachmentTable = file.table('attachment');
    this.#attachments = this.attachmentTable?.scan() ?? null;
    this.#index = index;
  }

  /** That of the first row which joins the message to one. */
  chat(message: Rowid): Chat | null {
    return this.chats.get(this.#index('chat of message').first(message));
  }

  hasMessage(id: Rowid): boolean {
    return this.#messages?.seek(id) === true;
  }

  /** Whether an attachment row is part of a message that is there. */
  isAttached(attachment: Rowid): boolean {
    for (const message of this.#index('messages of file').values(attachment)) if (this.hasMessage(message)) return true;
    return false;
  }

  /** Of a message that is there. */
  *attachmentsOf(message: Rowid): Generator<RowCursor> {
    for (const id of this.#index('files of message').values(message))
      if (this.#attachments?.seek(id) === true) yield this.#attachments;
  }
}

type ColumnNumber = (name: string) => number;

function chatOf(row: RowCursor, at: ColumnNumber): Chat {
  const identifier = row.text(at('chat_identifier')) ?? row.text(at('guid')) ?? `chat:${row.rowid}`;
  return {
    identifier,
    isGroup: row.int(at('style')) === GROUP_STYLE || /^chat\d+$/.test(identifier),
    display: row.text(at('display_name')) || null,
    login: row.text(at('account_login')) || null,
  };
}

function eachPair(table: SqliteTable | null, other: string, use: (message: Rowid, other: Rowid) => void): void {
  const [from, to] = [table?.column('message_id') ?? -1, table?.column(other) ?? -1];
  const cursor = table?.scan();
  while (cursor?.next() === true) {
    const [message, joined] = [cursor.int(from), cursor.int(to)];
    if (message !== null && joined !== null) use(message, joined);
  }
}
