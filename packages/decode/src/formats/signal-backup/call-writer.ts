import type { BatchWriter, Direction } from '@custody/evidence';
import { begin, type Directory, instant, type RowPlace, writeOthers } from './item-writer.ts';
import { partyOf, writeParty } from './people.ts';
import { sentOf } from './sent-times.ts';
import type { Row } from './tables.ts';

/** Numbers of Signal's table of calls. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'audio call'],
  [1, 'video call'],
  [3, 'group call'],
  [4, 'call on a link'],
]);
const EVENTS: ReadonlyMap<number, string> = new Map([
  [0, 'ongoing'],
  [1, 'accepted'],
  [2, 'not accepted'],
  [3, 'missed'],
  [4, 'deleted'],
  [5, 'group call'],
  [6, 'joined'],
  [7, 'ringing'],
  [8, 'declined'],
  [9, 'outgoing ring'],
  [10, 'missed by a notification profile'],
]);

/** Writes an item for a row of the table of calls: how it went, which the row of messages does not say. */
export function writeCall(out: BatchWriter, row: Row, place: RowPlace, directory: Directory): void {
  const outgoing = row.number('direction');
  const direction: Direction = outgoing === 1 ? 'outgoing' : outgoing === 0 ? 'incoming' : null;
  out.begin('call', 'signal', direction);
  begin(out, place);
  const { self } = directory;
  const peer = row.number('peer');
  const ringer = row.number('ringer');
  const isGroup = peer !== null && partyOf(directory, peer).type === 'signal-group';
  const caller = direction === 'outgoing' ? self : isGroup ? ((ringer ?? 0) > 0 ? ringer : null) : peer;
  if (self !== null) out.owner(writeParty(out, directory, self));
  if (peer !== null) out.conversation(partyOf(directory, peer).value);
  if (caller !== null) {
    out.sender(writeParty(out, directory, caller));
    const aci = directory.acis.get(caller);
    if (aci !== undefined) out.field('author_aci', aci);
  }
  const called = direction === 'outgoing' || isGroup ? peer : self;
  if (called !== null) out.recipient(writeParty(out, directory, called));
  const id = row.text('call_id');
  if (id !== null) out.messageId(id);
  const at = row.number('timestamp');
  if (at !== null) out.sentAt(instant(at, 'device'));
  const message = row.number('message_id');
  const sent = message === null ? undefined : sentOf(directory.sent, 'message', message);
  if (sent !== undefined) out.ref('part-of', String(sent));
  const [type, event] = [TYPES.get(row.number('type') ?? -1), EVENTS.get(row.number('event') ?? -1)];
  if (type !== undefined && event !== undefined) out.field('call_in_words', `${type}, ${event}`);
  writeOthers(out, row, directory);
  out.end();
}
