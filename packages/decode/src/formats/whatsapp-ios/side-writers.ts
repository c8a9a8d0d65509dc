import type { ItemKind } from '@custody/evidence';
import { columnsOf, keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowSink, RowWriter } from '../../row-store/row-decoder.ts';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';
import { cocoaTime } from '../imessage/cocoa-time.ts';
import { partyOf } from '../whatsapp/msgstore/jid.ts';
import { mediaOf } from './chats.ts';
import type { ChatParts } from './message-writer.ts';

const CORE_DATA = ['z_pk', 'z_ent', 'z_opt'];

/** An item of its own for a row, whose other columns are kept by name. */
function ownWriter(
  table: SqliteTable,
  { scope }: ChatParts,
  as: { kind: ItemKind; used: readonly string[]; write: (row: RowCursor, sink: RowSink) => void },
): RowWriter {
  const kept = keptColumns(table, [...CORE_DATA, ...as.used]);
  return (row, sink) => {
    const { out } = sink;
    out.begin(as.kind, 'whatsapp', null);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(scope.authentication);
    as.write(row, sink);
    for (const { name, at } of kept) {
      const value = keptValue(row, at);
      if (value !== null) out.field(name, value);
    }
    out.field('table', table.name);
    out.end();
  };
}

/** Rows of ZWACHATSESSION. */
export function sessionWriter(table: SqliteTable, parts: ChatParts): RowWriter {
  const at = columnsOf(table, ['ZCONTACTJID', 'ZPARTNERNAME', 'ZLASTMESSAGEDATE']);
  const used = ['zcontactjid', 'zpartnername', 'zlastmessagedate'];
  return ownWriter(table, parts, {
    kind: 'note',
    used,
    write: (row, { out }) => {
      const jid = row.text(at.ZCONTACTJID);
      const name = row.text(at.ZPARTNERNAME);
      if (jid !== null) {
        out.conversation(jid);
        out.recipient(partyOf(out, jid, name ?? undefined));
      }
      if (name !== null && name !== '') out.body(name);
      const last = cocoaTime(row.real(at.ZLASTMESSAGEDATE), 'device');
      if (last !== null) out.time('lastMessage', last);
    },
  });
}

/** Rows of ZWAGROUPMEMBER: who is, or was, in which group. */
export function memberWriter(table: SqliteTable, parts: ChatParts): RowWriter {
  const at = columnsOf(table, ['ZCHATSESSION', 'ZMEMBERJID', 'ZCONTACTNAME']);
  const used = ['zchatsession', 'zmemberjid', 'zcontactname'];
  return ownWriter(table, parts, {
    kind: 'membership',
    used,
    write: (row, { out, tally }) => {
      const session = parts.chats.sessions.get(row.int(at.ZCHATSESSION));
      const member = row.text(at.ZMEMBERJID);
      if (member !== null) out.sender(partyOf(out, member, row.text(at.ZCONTACTNAME) ?? undefined));
      if (session?.jid == null) {
        tally.unresolved++;
        return;
      }
      out.conversation(session.jid);
      out.recipient(partyOf(out, session.jid, session.name ?? undefined));
      out.ref('member-of', session.jid);
    },
  });
}

/** Rows of ZWAPROFILEPUSHNAME: the names that people gave themselves. */
export function pushNameWriter(table: SqliteTable, parts: ChatParts): RowWriter {
  const at = columnsOf(table, ['ZJID', 'ZPUSHNAME']);
  return ownWriter(table, parts, {
    kind: 'contact',
    used: ['zjid', 'zpushname'],
    write: (row, { out }) => {
      const jid = row.text(at.ZJID);
      const name = row.text(at.ZPUSHNAME);
      if (jid !== null) out.sender(partyOf(out, jid, name ?? undefined));
      if (name !== null) out.body(name);
    },
  });
}

/** Rows of ZWAMEDIAITEM are part of their message; one without a message is an item of its own. */
export function mediaWriter(table: SqliteTable, parts: ChatParts): RowWriter {
  const message = table.column('ZMESSAGE') ?? -1;
  const own = ownWriter(table, parts, {
    kind: 'attachment',
    used: ['zmetadata', 'zmediakey'],
    write: (row, { out, tally }) => {
      tally.unresolved++;
      tally.absentFiles++;
      const { path, mime, size } = mediaOf(row, (name) => table.column(name) ?? -1);
      out.attachment({ name: path, mime, size, sha256: null, present: false });
    },
  });
  return (row, sink) => {
    const of = row.int(message);
    if (of === null || !parts.chats.isMediaOf(of, row.rowid)) own(row, sink);
  };
}
