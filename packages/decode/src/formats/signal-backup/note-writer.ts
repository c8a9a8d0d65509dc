import type { BatchWriter, Locator } from '@custody/evidence';
import { FRAME_VERIFIED } from './authentication.ts';
import { begin, type Directory, instant, type RowPlace, writeOthers } from './item-writer.ts';
import { conversationOf, partyOf, personIn, writeParty } from './people.ts';
import { sentOf } from './sent-times.ts';
import type { Statement } from './statement.ts';
import type { Row } from './tables.ts';

/** Tables that say something of people, groups and messages, with no item of their own kind. */
export const NOTED: ReadonlySet<string> = new Set([
  ...['thread', 'groups', 'mention', 'group_receipts', 'msl_message', 'drafts', 'remapped_recipients', 'call_link'],
  ...['distribution_list', 'distribution_list_member', 'story_sends', 'poll', 'poll_option', 'poll_vote', 'payments'],
  ...['chat_folder', 'chat_folder_membership', 'notification_profile', 'in_app_payment', 'name_collision'],
]);
/** Columns that may hold when it was. */
const TIMES = ['timestamp', 'sent_timestamp', 'date', 'date_sent', 'created_at', 'creation_timestamp', 'receive_date'];

/** Writes a note for a row of one of these tables; a group is a contact. */
export function writeNote(out: BatchWriter, row: Row, place: RowPlace, directory: Directory): void {
  const isGroup = row.table === 'groups';
  out.begin(isGroup ? 'contact' : 'note', 'signal', null);
  begin(out, place);
  if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
  const group = isGroup ? row.text('group_id') : null;
  const thread = row.table === 'thread' ? row.number('_id') : row.number('thread_id');
  const conversation = group ?? conversationOf(directory, thread);
  if (conversation !== null) out.conversation(conversation);
  const title = row.text('title');
  if (group !== null) out.recipient(out.party('signal-group', group, title ?? undefined));
  else {
    const other = personIn(directory, row, 'recipient_id', 'address', 'author_id', 'peer');
    if (other !== null && directory.recipients.has(other)) out.recipient(writeParty(out, directory, other));
  }
  const at = row.number(...TIMES);
  if (at !== null && at > 0) out.sentAt(instant(at, 'device'));
  const message = row.number('message_id', 'mms_id');
  const sent = message === null ? undefined : sentOf(directory.sent, 'message', message);
  if (sent !== undefined) out.ref('part-of', String(sent));
  const text = row.table === 'drafts' ? row.text('value', 'body') : null;
  if (text !== null) out.body(text);
  out.field('table', row.table);
  writeOthers(out, row, directory);
  out.end();
}

/** A message of a table whose definition is lost: its texts, and its numbers by their place in the row. */
export function writeUnnamed(out: BatchWriter, statement: Statement, place: RowPlace, directory: Directory): void {
  out.begin('message', 'signal', null);
  begin(out, place);
  if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
  const texts: string[] = [];
  for (let i = 0; i < statement.count; i++) {
    const value = statement.value(i);
    if (typeof value === 'string' && value !== '') texts.push(value);
    else if (typeof value === 'number' && value !== 0 && value !== -1)
      out.field(`column${i + 1}`, Number.isSafeInteger(value) ? value : String(value));
  }
  if (texts.length > 0) out.body(texts.join('\n'));
  out.end();
}

/** Writes an item for a file that no message names: the image of a person or a sticker pack, what is left of a lost row. */
export function writeImage(
  out: BatchWriter,
  { kind, recipient, locator, ...image }: Image,
  directory: Directory,
): void {
  out.begin('attachment', 'signal', null);
  out.locator(locator);
  out.authentication(FRAME_VERIFIED);
  if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
  const id = recipient === null ? null : numberOf(recipient, directory);
  if (id !== null && directory.recipients.has(id)) {
    out.conversation(partyOf(directory, id).value);
    out.recipient(writeParty(out, directory, id));
  }
  out.attachment({
    name: image.name,
    mime: image.mime ?? null,
    size: image.size,
    sha256: image.sha256,
    present: image.sha256 !== null,
  });
  if (kind !== null) out.field('image', kind);
  out.end();
}

/** A recipient by the text of its row id, or by its address where there are no such rows. */
function numberOf(recipient: string, { addresses }: Directory): number | null {
  if (addresses !== null) return addresses.get(recipient) ?? null;
  return /^\d{1,15}$/.test(recipient) ? Number(recipient) : null;
}

export interface Image {
  /** Null: of a message whose row is not there. */
  readonly kind: 'avatar' | 'sticker' | null;
  readonly mime?: string | null;
  readonly name: string | null;
  /** Row id of the recipient, as text. */
  readonly recipient: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly locator: Locator;
}
