import type { BatchWriter, Direction, ItemKind, Locator } from '@custody/evidence';
import { instantOf } from './instant.ts';
import type { Scope } from './member-kind.ts';
import { isFileType, type MessageBody, messageBody } from './message-body.ts';
import { type Group, groupParty, identityOf, isIdentity, type People, personParty } from './people.ts';
import type { MediumFile } from './plan-state.ts';
import type { TableRow } from './table-row.ts';

/** What all rows of one file of messages share. */
export interface Conversation {
  readonly scope: Scope;
  /** The part of the file name that says whose messages they are. */
  readonly key: string;
}

export interface WriteContext {
  readonly out: BatchWriter;
  readonly people: People;
  readonly media: ReadonlyMap<string, MediumFile>;
  begin(kind: ItemKind, direction: Direction, row: TableRow): void;
}

/** Columns that stand elsewhere in the item. */
const PLACED: ReadonlySet<string> = new Set([
  ...['apiid', 'identity', 'isoutbox', 'posted_at', 'created_at', 'modified_at', 'delivered_at', 'read_at'],
  ...['edited_at', 'deleted_at', 'body', 'caption', 'quoted_message_apiid'],
]);
const TIMES = ['created', 'modified', 'delivered', 'read', 'edited', 'deleted'] as const;

/** Writes the item of a row of messages. Returns whether it names a file that is not there. */
export function writeMessage(context: WriteContext, row: TableRow, conversation: Conversation): boolean {
  const { out } = context;
  const type = row.text('type') ?? 'TEXT';
  const isDeleted = row.text('deleted_at') !== null && row.text('body') === null;
  const body = messageBody(type, row.text('body'), row.text('caption'));
  const isStatus = row.isSet('isstatusmessage') || type.endsWith('STATUS');
  const direction = isStatus && !/^VOIP/.test(type) ? 'system' : row.isSet('isoutbox') ? 'outgoing' : 'incoming';
  context.begin(kindOf(type, isDeleted, body), direction, row);
  const id = row.text('apiid', 'uid');
  if (id !== null) out.messageId(id);
  if (isDeleted && id !== null) out.ref('deletes', id);
  writeEnds(context, row, { ...conversation, direction });
  writeTimes(out, row, direction);
  if (body.text !== null) out.body(body.text);
  const quoted = row.text('quoted_message_apiid');
  if (quoted !== null) out.ref('reply-to', quoted);
  if (body.place !== null) {
    out.field('latitude', String(body.place.latitude));
    out.field('longitude', String(body.place.longitude));
  }
  for (const [name, value] of body.fields) out.field(name, value);
  for (const [name, value] of row.entries()) if (!PLACED.has(name) && value !== '0') out.field(name, value);
  const isAbsent = isFileType(type) && !isDeleted && writeFile(context, row, { scope: conversation.scope, body });
  out.end();
  return isAbsent;
}

function kindOf(type: string, isDeleted: boolean, body: MessageBody): ItemKind {
  if (isDeleted) return 'deletion';
  if (body.place !== null) return 'location';
  if (type === 'VOIP_STATUS' || type === 'GROUP_CALL_STATUS') return 'call';
  return type.endsWith('STATUS') ? 'note' : 'message';
}

function writeEnds(
  { out, people }: WriteContext,
  row: TableRow,
  { scope, key, direction }: Conversation & { readonly direction: Direction },
): void {
  const owner = people.owner === null ? null : personParty(out, people, people.owner);
  if (owner !== null) out.owner(owner);
  const named = row.text('identity');
  const peer = scope === 'contact' ? identityOf(people, key) : null;
  const other = isIdentity(named) ? named : peer;
  const group: Group | null = scope === 'group' ? (people.groups.get(key) ?? { value: key, name: null }) : null;
  out.conversation(group?.value ?? peer ?? (scope === 'list' ? `list:${key}` : key));
  if (direction === 'outgoing') {
    if (owner !== null) out.sender(owner);
    if (group !== null) out.recipient(groupParty(out, group));
    else if (scope === 'list') out.recipient(out.party('threema-list', key, people.lists.get(key) || undefined));
    else if (peer !== null) out.recipient(personParty(out, people, peer));
    return;
  }
  if (other !== null) out.sender(personParty(out, people, other));
  if (group !== null) out.recipient(groupParty(out, group));
  else if (owner !== null && direction === 'incoming') out.recipient(owner);
}

/** What came in was dated by its sender, and `created` is when it arrived; what went out was dated by this device. */
function writeTimes(out: BatchWriter, row: TableRow, direction: Direction): void {
  const clock = direction === 'incoming' ? 'sender' : 'device';
  const sent = instantOf(row.text('posted_at'), clock) ?? instantOf(row.text('created_at'), 'device');
  if (sent !== null) out.sentAt(sent);
  for (const name of TIMES) {
    const time = instantOf(row.text(`${name}_at`), 'device');
    if (time !== null) out.time(name, time);
  }
}

/** The file of a message: what the message says of it, and the hash of what the backup holds. */
function writeFile(
  { out, media }: WriteContext,
  row: TableRow,
  { scope, body }: { readonly scope: Scope; readonly body: MessageBody },
): boolean {
  const medium = media.get(`${scope}:${row.text('uid') ?? ''}`) ?? null;
  const sha256 = medium?.sha256 ?? null;
  if (medium !== null) out.source(placeOf(medium));
  const size = medium !== null && sha256 !== null ? medium.size : (body.file?.size ?? null);
  const said = { name: body.file?.name ?? null, mime: body.file?.mime ?? null };
  out.attachment({ ...said, size, sha256, present: sha256 !== null });
  return medium === null;
}

export function placeOf({ path, size }: MediumFile): Locator {
  return { path, offset: 0, length: size, row: null };
}
