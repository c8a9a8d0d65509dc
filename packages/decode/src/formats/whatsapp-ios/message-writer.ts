import { CustodyError, utf8DecodeLossy } from '@custody/bytes';
import type { Direction, ItemKind } from '@custody/evidence';
import { fileDigest } from '../../file-digest.ts';
import { columnsOf, integer, keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowSink, RowWriter } from '../../row-store/row-decoder.ts';
import type { StoreScope } from '../../row-store/store-app.ts';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';
import { cocoaTime } from '../imessage/cocoa-time.ts';
import { isShared, partyOf } from '../whatsapp/msgstore/jid.ts';
import { readProtobuf } from '../whatsapp/protobuf.ts';
import type { Chats, MediaRow } from './chats.ts';

const NAMES = [
  ...(['ZISFROMME', 'ZMESSAGETYPE', 'ZGROUPEVENTTYPE', 'ZCHATSESSION', 'ZGROUPMEMBER', 'ZMEDIAITEM'] as const),
  ...(['ZMESSAGEDATE', 'ZSENTDATE', 'ZFROMJID', 'ZTOJID', 'ZPUSHNAME', 'ZSTANZAID', 'ZTEXT'] as const),
] as const;
const PLACED = [
  ...NAMES.filter((name) => name !== 'ZGROUPEVENTTYPE').map((name) => name.toLowerCase()),
  ...['z_pk', 'z_ent', 'z_opt', 'zsort', 'zmessageinfo', 'zlastsession'],
];

/** ZMESSAGETYPE where the kind of an item depends on it; the number itself is always kept. */
const LOCATIONS: ReadonlySet<number> = new Set([5, 46]);
const GROUP_EVENT = 6;
const CALL_NOTICE = 10;
const DELETED = 14;
const CALL = 59;

/** Field of ZMETADATA that holds the id of the message that was replied to. */
const QUOTED_ID = 5;
export interface ChatParts {
  readonly scope: StoreScope;
  readonly chats: Chats;
}

/** Rows of ZWAMESSAGE. */
export function messageWriter(table: SqliteTable, parts: ChatParts): RowWriter {
  const at = columnsOf(table, NAMES);
  const kept = keptColumns(table, PLACED);
  return (row, sink) => {
    const { out } = sink;
    const type = integer(row, at.ZMESSAGETYPE);
    const isOwn = row.int(at.ZISFROMME) === 1;
    out.begin(kindOf(type), 'whatsapp', directionOf(type, isOwn));
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(parts.scope.authentication);
    const id = row.text(at.ZSTANZAID);
    if (id !== null) out.messageId(id);
    writeTalk(row, at, parts, sink);
    const sent = cocoaTime(row.real(at.ZMESSAGEDATE), isOwn ? 'device' : 'server');
    if (sent !== null) out.sentAt(sent);
    const dispatched = cocoaTime(row.real(at.ZSENTDATE), 'device');
    if (dispatched !== null) out.time('dispatched', dispatched);
    const text = row.textBytes(at.ZTEXT);
    const media = parts.chats.media.get(row.int(at.ZMEDIAITEM));
    if (text !== null) out.bodyBytes(text.bytes, text.start, text.end);
    else if (media?.title != null) out.body(media.title);
    else if (media?.card != null) out.body(media.card);
    if (media !== null) writeMedia(media, { type, hasText: text !== null }, parts, sink);
    if (type === DELETED && id !== null) out.ref('deletes', id);
    if (type !== null) out.field('zmessagetype', type);
    for (const { name, at: column } of kept) {
      const value = keptValue(row, column);
      if (value !== null) out.field(name, value);
    }
    const push = row.text(at.ZPUSHNAME);
    if (push !== null && push !== '') out.field('zpushname', push);
    out.end();
  };
}

function kindOf(type: number | null): ItemKind {
  if (type === DELETED) return 'deletion';
  if (type === CALL || type === CALL_NOTICE) return 'call';
  return type !== null && LOCATIONS.has(type) ? 'location' : 'message';
}

function directionOf(type: number | null, isOwn: boolean): Direction {
  if (type === GROUP_EVENT || type === CALL_NOTICE) return 'system';
  return isOwn ? 'outgoing' : 'incoming';
}

/** As in the Android store: in groups the sender is the member; the database does not name its owner. */
function writeTalk(
  row: RowCursor,
  at: Readonly<Record<(typeof NAMES)[number], number>>,
  { chats }: ChatParts,
  { out, tally }: RowSink,
): void {
  const session = chats.sessions.get(row.int(at.ZCHATSESSION));
  const isOwn = row.int(at.ZISFROMME) === 1;
  const chat = session?.jid ?? row.text(isOwn ? at.ZTOJID : at.ZFROMJID);
  if (chat === null) {
    tally.unresolved++;
    return;
  }
  out.conversation(chat);
  const party = partyOf(out, chat, session?.name ?? undefined);
  if (isOwn) {
    out.recipient(party);
    return;
  }
  if (!isShared(chat)) {
    out.sender(party);
    return;
  }
  const member = chats.members.get(row.int(at.ZGROUPMEMBER));
  if (member !== null) out.sender(partyOf(out, member));
  out.recipient(party);
}

function writeMedia(
  media: MediaRow,
  { type, hasText }: { readonly type: number | null; readonly hasText: boolean },
  { scope }: ChatParts,
  { out, tally }: RowSink,
): void {
  out.source(media.locator);
  out.raw(media.raw);
  const quoted = quotedId(media.metadata);
  if (quoted !== null) out.ref('reply-to', quoted);
  if (type !== null && LOCATIONS.has(type) && media.latitude !== null && media.longitude !== null) {
    out.field('latitude', media.latitude);
    out.field('longitude', media.longitude);
  }
  if (media.path === null) {
    if (media.card !== null && (media.title !== null || hasText)) out.field('vcard', media.card);
    if (media.mime === null || !media.mime.includes('/')) return;
    tally.absentFiles++;
    out.attachment({ name: media.title, mime: media.mime, size: media.size, sha256: null, present: false });
    return;
  }
  const source = scope.attached(media.path);
  const name = media.path;
  if (source === null) {
    tally.absentFiles++;
    out.attachment({ name, mime: media.mime, size: media.size, sha256: null, present: false });
    return;
  }
  out.attachment({ name, mime: media.mime, ...fileDigest(source), present: true });
}

/** The id of the message that was replied to; null where the metadata hold none. */
function quotedId(metadata: Uint8Array | null): string | null {
  if (metadata === null || metadata.length === 0) return null;
  try {
    const value = readProtobuf(metadata).find(({ number }) => number === QUOTED_ID)?.value;
    const id = value instanceof Uint8Array ? utf8DecodeLossy(value) : '';
    return /^[0-9A-Za-z.@_-]{6,64}$/.test(id) ? id : null;
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}
