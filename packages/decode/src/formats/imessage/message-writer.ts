import type { ItemKind } from '@custody/evidence';
import { columnsOf, integer, keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowSink, RowWriter } from '../../row-store/row-decoder.ts';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';
import { writeFileOf } from './attachment-file.ts';
import { cocoaTime, messageTime } from './cocoa-time.ts';
import type { MessageParts } from './message-parts.ts';
import { readSummary } from './message-summary.ts';
import { partyOf } from './party.ts';
import { type Tapback, tapbackOf, tapbackTarget } from './tapback.ts';
import { typedStreamText } from './typed-stream.ts';

const NAMES = [
  ...([
    'guid',
    'text',
    'subject',
    'handle_id',
    'other_handle',
    'attributedBody',
    'account',
    'destination_caller_id',
  ] as const),
  ...(['date', 'date_read', 'date_delivered', 'date_edited', 'date_retracted', 'is_from_me', 'item_type'] as const),
  ...(['group_action_type', 'group_title', 'associated_message_guid', 'associated_message_type'] as const),
  ...(['associated_message_emoji', 'thread_originator_guid', 'message_summary_info'] as const),
] as const;
const PLACED = [...NAMES.map((name) => name.toLowerCase()), 'rowid'];

/** `item_type`: what the app itself wrote into a conversation. */
const MEMBERS_CHANGED = 1;
const SOMEBODY_LEFT = 3;

/** Rows of `message`. */
export function messageWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const at = columnsOf(table, NAMES);
  const kept = keptColumns(table, PLACED);
  return (row, sink) => {
    const one = new OneMessage(row, at, parts, sink);
    one.write(() => {
      for (const { name, at: column } of kept) {
        const value = keptValue(row, column);
        if (value !== null) sink.out.field(name, value);
      }
    });
  };
}

class OneMessage {
  readonly #row: RowCursor;
  readonly #at: Readonly<Record<(typeof NAMES)[number], number>>;
  readonly #parts: MessageParts;
  readonly #sink: RowSink;
  readonly #isOwn: boolean;
  readonly #guid: string | null;

  constructor(
    row: RowCursor,
    at: Readonly<Record<(typeof NAMES)[number], number>>,
    parts: MessageParts,
    sink: RowSink,
  ) {
    this.#row = row;
    this.#at = at;
    this.#parts = parts;
    this.#sink = sink;
    this.#isOwn = row.int(at.is_from_me) === 1;
    this.#guid = row.text(at.guid);
  }

  write(writeKept: () => void): void {
    const row = this.#row;
    const at = this.#at;
    const { out } = this.#sink;
    const summary = readSummary(row.blob(at.message_summary_info));
    const tapback = tapbackOf(integer(row, at.associated_message_type));
    const text = this.#text();
    const isUnsent =
      (integer(row, at.date_retracted) ?? row.int(at.date_retracted) ?? 0) !== 0 || summary.unsentParts > 0;
    const kind = this.#kind(tapback, isUnsent && (text ?? '') === '');
    this.#begin(kind);
    if (this.#guid !== null) out.messageId(this.#guid);
    const first = summary.versions[0];
    const body = first === undefined || first.text === null ? text : first.text;
    if (body !== null && body !== '') out.body(body);
    this.#writeTimes();
    this.#writeRefs(tapback, kind);
    for (const file of this.#parts.links.attachmentsOf(row.rowid)) {
      out.source(file.locator());
      out.raw(file.record());
      writeFileOf(file, this.#parts, this.#sink);
    }
    if (tapback !== null) out.field('tapback', tapback.removed ? `${tapback.name}, taken back` : tapback.name);
    const emoji = row.text(at.associated_message_emoji);
    if (emoji !== null) out.field('emoji', emoji);
    const subject = row.text(at.subject);
    if (subject !== null && subject !== '') out.field('subject', subject);
    if (summary.unsentParts > 0) out.field('unsentParts', summary.unsentParts);
    const title = row.text(at.group_title);
    if (title !== null) out.field('groupTitle', title);
    writeKept();
    out.end();
    for (const version of summary.versions.slice(1)) this.#writeEdit(version.text, version.at);
  }

  #kind(tapback: Tapback | null, isUnsent: boolean): ItemKind {
    if (tapback !== null) return 'reaction';
    if (isUnsent) return 'deletion';
    const type = integer(this.#row, this.#at.item_type) ?? 0;
    if (type === MEMBERS_CHANGED || type === SOMEBODY_LEFT) return 'membership';
    return type === 0 ? 'message' : 'note';
  }

  /** An edit names the place of its row only: its bytes stand with the message. */
  #begin(kind: ItemKind): void {
    const { out } = this.#sink;
    const isSystem = (integer(this.#row, this.#at.item_type) ?? 0) !== 0;
    out.begin(kind, 'imessage', isSystem ? 'system' : this.#isOwn ? 'outgoing' : 'incoming');
    out.locator(this.#row.locator());
    if (kind !== 'edit') out.raw(this.#row.record());
    out.authentication(this.#parts.scope.authentication);
    this.#writeTalk(kind);
  }

  /** The text, else that of the attributed body, which newer systems fill alone. */
  #text(): string | null {
    const text = this.#row.text(this.#at.text);
    if (text !== null && text !== '') return text;
    const stream = this.#row.blob(this.#at.attributedBody);
    return stream === null ? text : typedStreamText(stream);
  }

  #writeTalk(kind: ItemKind): void {
    const { out } = this.#sink;
    const { links } = this.#parts;
    const row = this.#row;
    const chat = links.chat(row.rowid);
    const handle = links.handles.get(row.int(this.#at.handle_id));
    const login = row.text(this.#at.destination_caller_id) || row.text(this.#at.account) || chat?.login || null;
    const owner = login === null ? null : partyOf(out, login);
    if (owner !== null) out.owner(owner);
    const conversation = chat?.identifier ?? handle;
    if (conversation !== null) out.conversation(conversation);
    const group = chat?.isGroup === true ? out.party('group', chat.identifier, chat.display ?? undefined) : null;
    const other = handle ?? (chat !== null && !chat.isGroup ? chat.identifier : null);
    const actor = this.#isOwn ? owner : other === null ? null : partyOf(out, other);
    const member = links.handles.get(row.int(this.#at.other_handle));
    if (kind === 'membership' && member !== null) {
      // Who came or went is the one concerned; who did it stands in the fields.
      out.sender(partyOf(out, member));
      if (handle !== null) out.field('changedBy', handle);
    } else if (actor !== null) out.sender(actor);
    if (group !== null) out.recipient(group);
    else if (!this.#isOwn && owner !== null) out.recipient(owner);
    else if (this.#isOwn && other !== null) out.recipient(partyOf(out, other));
  }

  #writeTimes(): void {
    const { out } = this.#sink;
    const row = this.#row;
    const sent = messageTime(row.int(this.#at.date), this.#isOwn ? 'device' : 'sender');
    if (sent !== null) out.sentAt(sent);
    const times = [
      ['read', this.#at.date_read],
      ['delivered', this.#at.date_delivered],
      ['edited', this.#at.date_edited],
      ['retracted', this.#at.date_retracted],
    ] as const;
    for (const [name, column] of times) {
      const time = messageTime(row.int(column), 'device');
      if (time !== null) out.time(name, time);
    }
  }

  #writeRefs(tapback: Tapback | null, kind: ItemKind): void {
    const { out } = this.#sink;
    const target = this.#row.text(this.#at.associated_message_guid);
    if (tapback !== null && target !== null) out.ref('reacts-to', tapbackTarget(target));
    const origin = this.#row.text(this.#at.thread_originator_guid);
    if (origin !== null) out.ref('reply-to', origin);
    if (kind === 'deletion' && this.#guid !== null) out.ref('deletes', this.#guid);
  }

  #writeEdit(text: string | null, seconds: number | null): void {
    const { out } = this.#sink;
    this.#begin('edit');
    if (text !== null) out.body(text);
    const time = cocoaTime(seconds, this.#isOwn ? 'device' : 'sender');
    if (time !== null) out.sentAt(time);
    if (this.#guid !== null) out.ref('edits', this.#guid);
    out.end();
  }
}
