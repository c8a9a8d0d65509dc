import type { BatchWriter, PartyId } from '@custody/evidence';
import type { SqliteFile } from '../../sqlite/index.ts';
import { NamedRow } from './column-reader.ts';

export interface Conversation {
  /** The server's id, the same on all devices. */
  readonly id: string;
  readonly name: string | null;
  /** The other one in a conversation of two (its row id is that user's id). */
  readonly peer: string | null;
}

/** Who is who; survives structured cloning. */
export interface People {
  readonly users: Map<string, string>;
  readonly conversations: Map<string, Conversation>;
  readonly owner: string | null;
}

/** `conv_type` of a group (Wire for Android, `ConversationType`). */
const GROUP = 0;

export function readPeople(file: SqliteFile, owner: string | null): People {
  const users = new Map<string, string>();
  const conversations = new Map<string, Conversation>();
  let self: string | null = owner;
  for (const row of rowsOf(file, 'Users')) {
    const id = row.text('_id');
    if (id === null) continue;
    users.set(id, row.text('name') ?? '');
    if (row.text('connection') === 'self') self ??= id;
  }
  for (const row of rowsOf(file, 'Conversations')) {
    const id = row.text('_id');
    if (id === null) continue;
    const peer = row.whole('conv_type') !== GROUP && users.has(id) && id !== self ? id : null;
    conversations.set(id, {
      id: row.text('remote_id') ?? id,
      name: row.text('name') ?? row.text('generated_name'),
      peer,
    });
  }
  return { users, conversations, owner: self };
}

function* rowsOf(file: SqliteFile, name: string): Generator<NamedRow> {
  const table = file.table(name);
  if (table === null) return;
  const cursor = table.scan();
  const row = new NamedRow(table, cursor);
  while (cursor.next()) yield row;
}

export function userParty(out: BatchWriter, people: People, id: string): PartyId {
  return out.party('wire', id, people.users.get(id) || undefined);
}
