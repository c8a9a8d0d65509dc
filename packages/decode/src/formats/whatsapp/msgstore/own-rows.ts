import { columnsOf, keptColumns, keptValue } from '../../../row-store/columns.ts';
import type { RowCursor, SqliteTable } from '../../../sqlite/index.ts';
import { instantOf } from './instant.ts';
import type { ItemContext } from './item-context.ts';
import { partyOf } from './jid.ts';
import { linkReadings } from './link-rows.ts';
import { writeTalk } from './message-head.ts';
import type { OwnReading } from './own-reading.ts';
import { writePartOf, writeWithin } from './part-of.ts';

/** Writes one row as an item of its own. */
export type RowWriter = (row: RowCursor, context: ItemContext) => void;

export const ownReadings: Readonly<Record<string, (table: SqliteTable) => OwnReading>> = {
  jid: (table) => {
    const at = columnsOf(table, ['raw_string', 'user', 'server']);
    return {
      kind: 'contact',
      used: ['raw_string'],
      write: (row, context) => {
        const jid = row.text(at.raw_string) ?? `${row.text(at.user) ?? ''}@${row.text(at.server) ?? ''}`;
        context.out.sender(context.party(jid));
      },
    };
  },
  wa_contacts: (table) => {
    const at = columnsOf(table, ['jid', 'display_name', 'wa_name']);
    return {
      kind: 'contact',
      used: ['jid', 'display_name'],
      write: (row, { out }) => {
        const name = row.text(at.display_name) ?? row.text(at.wa_name);
        const jid = row.text(at.jid);
        if (jid !== null) out.sender(partyOf(out, jid, name ?? undefined));
        if (name !== null) out.body(name);
      },
    };
  },
  chat: (table) => {
    const at = columnsOf(table, ['jid_row_id', 'subject', 'created_timestamp']);
    return {
      kind: 'note',
      used: ['jid_row_id', 'subject', 'created_timestamp'],
      write: (row, context) => {
        const jid = context.names.jids.get(row.int(at.jid_row_id));
        if (jid === null) context.out.field('jid_row_id', row.int(at.jid_row_id));
        writeChat(context, { jid, subject: row.text(at.subject), created: row.int(at.created_timestamp) });
      },
    };
  },
  chat_list: (table) => {
    const at = columnsOf(table, ['key_remote_jid', 'subject', 'creation']);
    return {
      kind: 'note',
      used: ['key_remote_jid', 'subject', 'creation'],
      write: (row, context) => {
        const jid = row.text(at.key_remote_jid);
        writeChat(context, { jid, subject: row.text(at.subject), created: row.int(at.creation) });
      },
    };
  },
  group_participants: (table) => textMembership(table),
  group_participants_history: (table) => textMembership(table),
  group_participant_user: (table) => {
    const at = columnsOf(table, ['group_jid_row_id', 'user_jid_row_id']);
    return {
      kind: 'membership',
      used: ['group_jid_row_id', 'user_jid_row_id'],
      write: (row, context) => {
        const { jids } = context.names;
        writeMembership(context, jids.get(row.int(at.group_jid_row_id)), jids.get(row.int(at.user_jid_row_id)));
      },
    };
  },
  message_system_chat_participant: (table) => {
    const at = columnsOf(table, ['message_row_id', 'user_jid_row_id']);
    return {
      kind: 'membership',
      used: ['user_jid_row_id'],
      write: (row, context) => {
        const { names } = context;
        const parent = names.messages.get(row.int(at.message_row_id));
        writeMembership(context, parent?.chat ?? null, names.jids.get(row.int(at.user_jid_row_id)));
        writePartOf(context, parent);
      },
    };
  },
  call_log_participant_v2: (table) => {
    const at = columnsOf(table, ['call_log_row_id', 'jid_row_id']);
    return {
      kind: 'membership',
      used: ['jid_row_id'],
      write: (row, context) => {
        const { names, out } = context;
        const parent = names.calls.get(row.int(at.call_log_row_id));
        const member = names.jids.get(row.int(at.jid_row_id));
        if (member !== null) out.sender(context.party(member));
        if (parent?.chat != null) {
          out.conversation(parent.chat);
          out.recipient(context.party(parent.chat));
        }
        writePartOf(context, parent);
      },
    };
  },
  call_log: (table) => {
    const names = ['jid_row_id', 'from_me', 'call_id', 'timestamp', 'duration', 'group_jid_row_id'] as const;
    const at = columnsOf(table, names);
    return {
      kind: 'call',
      used: ['jid_row_id', 'from_me', 'call_id', 'timestamp', 'group_jid_row_id'],
      write: (row, context) => {
        const { jids } = context.names;
        const fromMe = row.int(at.from_me) === 1;
        const peer = jids.get(row.int(at.jid_row_id));
        const group = jids.get(row.int(at.group_jid_row_id));
        writeTalk(context, { fromMe, chat: group ?? peer, subject: null, sender: fromMe ? null : peer });
        if (peer === null) context.tally.unresolved++;
        const id = row.text(at.call_id);
        if (id !== null) context.out.messageId(id);
        writeCallTimes(context, row.int(at.timestamp), row.int(at.duration));
      },
    };
  },
  message_vcard: (table) => vcardReading(table),
  messages_vcards: (table) => vcardReading(table),
  message_mentions: (table) => {
    const at = columnsOf(table, ['message_row_id', 'jid_row_id']);
    return {
      kind: 'note',
      used: ['jid_row_id'],
      write: (row, context) => {
        const jid = context.names.jids.get(row.int(at.jid_row_id));
        writeWithin(context, context.names.messages.get(row.int(at.message_row_id)));
        if (jid !== null) context.out.recipient(context.party(jid));
      },
    };
  },
  props: () => ({ kind: 'note', used: [], write: () => {} }),
};

/** The writer for a table whose rows are items of their own. */
export function ownWriter(table: SqliteTable): RowWriter {
  const name = table.name.toLowerCase();
  const reading = (ownReadings[name] ?? linkReadings[name])?.(table) ?? { kind: 'note', used: [], write: () => {} };
  const kept = keptColumns(table, reading.used);
  const fromMe = table.column('from_me') ?? -1;
  return (row, context) => {
    const { out } = context;
    const outgoing = reading.kind === 'call' ? (row.int(fromMe) === 1 ? 'outgoing' : 'incoming') : null;
    out.begin(reading.kind, 'whatsapp', outgoing);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(context.authentication);
    if (context.owner !== null) out.owner(context.owner);
    reading.write(row, context);
    for (const { name, at } of kept) {
      const value = keptValue(row, at);
      if (value !== null) out.field(name, value);
    }
    out.field('table', table.name);
    out.end();
    context.tally.decoded++;
  };
}

function writeChat(
  context: ItemContext,
  chat: { jid: string | null; subject: string | null; created: number | bigint | null },
): void {
  const { out } = context;
  if (chat.jid !== null) {
    out.conversation(chat.jid);
    out.recipient(context.party(chat.jid, chat.subject));
  }
  if (chat.subject !== null) out.body(chat.subject);
  const created = instantOf(chat.created, 'server');
  if (created !== null) out.time('created', created);
}

function textMembership(table: SqliteTable): OwnReading {
  const at = columnsOf(table, ['gjid', 'jid', 'timestamp']);
  return {
    kind: 'membership',
    used: ['gjid', 'jid', 'timestamp'],
    write: (row, context) => {
      writeMembership(context, row.text(at.gjid), row.text(at.jid));
      const time = instantOf(row.int(at.timestamp), 'device');
      if (time !== null) context.out.sentAt(time);
    },
  };
}

/** The member as sender, the group as recipient. The empty JID is the owner. */
function writeMembership(context: ItemContext, group: string | null, member: string | null): void {
  const { out } = context;
  if (member !== null && member !== '') out.sender(context.party(member));
  else if (member === '' && context.owner !== null) out.sender(context.owner);
  if (group === null) return;
  out.conversation(group);
  out.recipient(context.party(group));
  out.ref('member-of', group);
}

function writeCallTimes({ out }: ItemContext, start: number | bigint | null, seconds: number | bigint | null): void {
  const from = instantOf(start, 'device');
  if (from === null) return;
  out.sentAt(from);
  // `duration` has no time of its own: the end is counted, and its raw text says from what.
  if (from.utc === null || typeof seconds !== 'number' || seconds <= 0 || seconds > 1e7) return;
  out.time('until', { ...from, utc: from.utc + seconds * 1000, raw: `${from.raw} + ${seconds} s`, precision: 's' });
}

function vcardReading(table: SqliteTable): OwnReading {
  const at = columnsOf(table, ['message_row_id', 'vcard']);
  const legacy = table.name.toLowerCase() === 'messages_vcards';
  return {
    kind: 'contact',
    used: ['vcard'],
    write: (row, context) => {
      const { legacyMessages, messages } = context.names;
      const text = row.textBytes(at.vcard);
      if (text !== null) context.out.bodyBytes(text.bytes, text.start, text.end);
      writeWithin(context, (legacy ? legacyMessages : messages).get(row.int(at.message_row_id)));
    },
  };
}
