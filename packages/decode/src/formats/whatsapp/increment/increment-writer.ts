import type { BatchWriter, Instant } from '@custody/evidence';
import { GCM_VERIFIED } from '../authentications.ts';
import { isShared, partyOf } from '../msgstore/jid.ts';
import { messageContent } from './message-content.ts';
import { Proto } from './proto-fields.ts';

export interface IncrementPlace {
  readonly path: string;
  readonly offset: number;
  readonly row: number;
  /** JID of whose device it is, where another file of the set names it. */
  readonly owner: string | null;
  /** Path and row of the same message in an earlier file of the set, and what that says beside this one. */
  readonly earlier: readonly [path: string, row: number, likeness: string] | null;
}

/** Writes the item of a `WebMessageInfo`. Returns whether it names a file. */
export function writeIncrementMessage(
  out: BatchWriter,
  bytes: Uint8Array,
  place: IncrementPlace,
  chat: string | null,
): boolean {
  const info = new Proto(bytes);
  const key = info.within(1);
  const fromMe = key.whole(2) === 1;
  const jid = key.text(1) ?? chat;
  const content = messageContent(info.within(2));
  const stub = info.whole(24);
  const isSystem = stub !== null && stub !== 0 && !info.has(2);
  out.begin(isSystem ? 'note' : content.kind, 'whatsapp', isSystem ? 'system' : fromMe ? 'outgoing' : 'incoming');
  out.locator({ path: place.path, offset: place.offset, length: bytes.length, row: place.row });
  out.raw(bytes);
  out.authentication(GCM_VERIFIED);
  const id = key.text(3);
  if (id !== null) out.messageId(id);
  const name = info.text(19) ?? undefined;
  const writer = key.text(4) ?? info.text(5);
  const { owner, earlier } = place;
  if (jid !== null) writeTalk(out, { jid, fromMe, writer, name, owner });
  const sent = instantOf(info.whole(3), fromMe);
  if (sent !== null) out.sentAt(sent);
  if (content.text !== null) out.body(content.text);
  for (const [rel, to] of content.refs) out.ref(rel, to);
  if (earlier !== null && id !== null) {
    out.ref('version-of', id);
    out.field('earlier_record', [...earlier]);
  }
  if (content.file !== null) out.attachment({ ...content.file, present: false });
  if (content.place !== null) {
    out.field('latitude', String(content.place[0]));
    out.field('longitude', String(content.place[1]));
  }
  if (content.viewOnce) out.field('view_once', true);
  if (content.mentions.length > 0) out.field('mentions', content.mentions);
  if (content.unread.length > 0) out.field('content_fields', [...content.unread]);
  if (stub !== null && stub !== 0) out.field('stub_type', stub);
  const parameters = info.all(26).map((bytes) => Buffer.from(bytes).toString('utf8'));
  if (parameters.length > 0) out.field('stub_parameters', parameters);
  out.end();
  return content.file !== null;
}

interface Talk {
  readonly jid: string;
  readonly fromMe: boolean;
  readonly writer: string | null;
  readonly name: string | undefined;
  readonly owner: string | null;
}

function writeTalk(out: BatchWriter, { jid, fromMe, writer, name, owner }: Talk): void {
  out.conversation(jid);
  const shared = isShared(jid);
  const own = owner === null ? null : partyOf(out, owner);
  if (own !== null) out.owner(own);
  if (fromMe) {
    if (own !== null) out.sender(own);
    out.recipient(partyOf(out, jid));
    return;
  }
  if (writer !== null) out.sender(partyOf(out, writer, name));
  else if (!shared) out.sender(partyOf(out, jid, name));
  if (shared) out.recipient(partyOf(out, jid));
  else if (own !== null) out.recipient(own);
}

/** Seconds since 1970; of what the owner sent by the device, of what came in by the server. */
function instantOf(seconds: number | null, fromMe: boolean): Instant | null {
  if (seconds === null || seconds <= 0 || seconds > 8.64e12) return null;
  return {
    utc: seconds * 1000,
    raw: String(seconds),
    zone: 'UTC',
    precision: 's',
    clock: fromMe ? 'device' : 'server',
  };
}
