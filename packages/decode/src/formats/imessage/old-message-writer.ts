import type { Direction, Instant } from '@custody/evidence';
import { columnsOf, integer, keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowWriter } from '../../row-store/row-decoder.ts';
import type { Rowid, SqliteTable } from '../../sqlite/index.ts';
import { messageTime } from './cocoa-time.ts';
import type { MessageParts } from './message-parts.ts';
import { partyOf } from './party.ts';

const NAMES = [
  ...(['address', 'date', 'text', 'flags', 'is_madrid', 'madrid_handle', 'madrid_guid', 'madrid_flags'] as const),
  ...(['madrid_account', 'madrid_roomname', 'madrid_date_read', 'madrid_date_delivered'] as const),
] as const;

/** `flags` of an SMS: received, sent, and sent without success. Others (129: deleted) do not say which way. */
const SMS_FLAGS: Readonly<Record<number, Direction>> = { 2: 'incoming', 3: 'outgoing', 33: 'outgoing', 35: 'outgoing' };
/** `madrid_flags` of an iMessage: this bit is set in what the owner sent. */
const FROM_ME = 4;

/** Before iOS 6 the address stands with the message, and those of iMessage have columns of their own ("madrid"). */
export function isOldMessages(table: SqliteTable | null): boolean {
  return table?.column('address') != null && table.column('flags') !== null && table.column('handle_id') === null;
}

/** Rows of `message` before iOS 6. Times of SMS are Unix seconds, those of iMessage count from 2001. */
export function oldMessageWriter(table: SqliteTable, { scope }: MessageParts): RowWriter {
  const at = columnsOf(table, NAMES);
  const kept = keptColumns(table, [...NAMES.filter((name) => name !== 'flags' && name !== 'madrid_flags'), 'rowid']);
  return (row, { out }) => {
    const isMadrid = row.int(at.is_madrid) === 1;
    const flags = integer(row, isMadrid ? at.madrid_flags : at.flags);
    const direction = flags === null ? null : isMadrid ? madridDirection(flags) : (SMS_FLAGS[flags] ?? null);
    out.begin('message', 'imessage', direction);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(scope.authentication);
    const guid = row.text(at.madrid_guid);
    if (guid !== null) out.messageId(guid);
    const other = (isMadrid ? row.text(at.madrid_handle) : null) ?? row.text(at.address);
    const room = row.text(at.madrid_roomname);
    const account = row.text(at.madrid_account);
    const owner = account === null ? null : partyOf(out, account);
    const conversation = room ?? other;
    if (conversation !== null) out.conversation(conversation);
    if (owner !== null) out.owner(owner);
    const party = other === null ? null : partyOf(out, other);
    const [sender, recipient] = direction === 'outgoing' ? [owner, party] : [party, owner];
    if (sender !== null && direction !== null) out.sender(sender);
    if (room !== null) out.recipient(out.party('group', room));
    else if (recipient !== null && direction !== null) out.recipient(recipient);
    else if (direction === null && party !== null) out.recipient(party);
    const sent = isMadrid ? messageTime(row.int(at.date), 'device') : unixTime(row.int(at.date));
    if (sent !== null) out.sentAt(sent);
    for (const [name, column] of [
      ['read', at.madrid_date_read],
      ['delivered', at.madrid_date_delivered],
    ] as const) {
      const time = messageTime(row.int(column), 'device');
      if (time !== null) out.time(name, time);
    }
    const text = row.text(at.text);
    if (text !== null && text !== '') out.body(text);
    for (const { name, at: column } of kept) {
      const value = keptValue(row, column);
      if (value !== null) out.field(name, value);
    }
    out.end();
  };
}

function madridDirection(flags: number): Direction {
  return (flags & FROM_ME) === 0 ? 'incoming' : 'outgoing';
}

function unixTime(value: Rowid | null): Instant | null {
  if (typeof value !== 'number' || value <= 0 || value > 8.64e12) return null;
  return { utc: value * 1000, raw: String(value), zone: 'UTC', precision: 's', clock: 'device' };
}
