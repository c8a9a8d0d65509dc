import type { Clock, ItemKind } from '@custody/evidence';
import type { RowCursor, SqliteTable } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import { writeThumbnail } from './media.ts';
import { writeTime } from './message-head.ts';
import type { OwnReading } from './own-reading.ts';
import { writePartOf, writeWithin } from './part-of.ts';

/** What the columns of a table are that says little more than what belongs to what. Each is optional. */
interface Links {
  readonly kind: ItemKind;
  /** Rowid of a message: `within` takes its people as well as its time, `of` its time only. */
  readonly within?: string;
  readonly of?: string;
  /** Rowid of a call. */
  readonly call?: string;
  /** Rowid of a reaction, vote or the like. */
  readonly addOn?: string;
  /** Rowid of an option of a poll, whose words become the text. */
  readonly option?: string;
  /** Key id of a message, as text. */
  readonly key?: string;
  /** Rowid of a JID, or a JID as text. */
  readonly sender?: string;
  readonly recipient?: string;
  readonly chat?: string;
  readonly body?: string;
  readonly picture?: string;
  readonly times?: readonly (readonly [column: string, name: string, clock: Clock])[];
}

const TABLES: Readonly<Record<string, Links>> = {
  user_device: { kind: 'device', sender: 'user_jid_row_id', recipient: 'device_jid_row_id' },
  primary_device_version: { kind: 'device', sender: 'user_jid_row_id' },
  user_device_info: { kind: 'device', sender: 'user_jid_row_id' },
  group_participant_device: { kind: 'device', sender: 'device_jid_row_id' },
  // Whose number stands behind a LID, and what it is called.
  jid_map: { kind: 'contact', sender: 'lid_row_id', recipient: 'jid_row_id' },
  lid_display_name: { kind: 'contact', sender: 'lid_row_id', body: 'display_name' },
  status: { kind: 'note', sender: 'jid_row_id', times: [['timestamp', 'updated', 'device']] },
  status_list: { kind: 'note', sender: 'key_remote_jid', times: [['timestamp', 'updated', 'device']] },
  message_thumbnails: { kind: 'attachment', key: 'key_id', chat: 'key_remote_jid', picture: 'thumbnail' },
  message_poll_option: { kind: 'note', within: 'message_row_id', body: 'option_name' },
  message_add_on_poll_vote_selected_option: {
    ...{ kind: 'note', addOn: 'message_add_on_row_id', option: 'message_poll_option_id' },
  },
  message_quoted_mentions: { kind: 'note', within: 'message_row_id', recipient: 'jid_row_id' },
  message_template_button: { kind: 'note', within: 'message_row_id', body: 'text_data' },
  message_link: { kind: 'note', of: 'message_row_id' },
  labeled_messages: { kind: 'note', of: 'message_row_id' },
  labeled_jid: { kind: 'note', recipient: 'jid_row_id' },
  labeled_jids: { kind: 'note', recipient: 'jid' },
  labels: { kind: 'note', body: 'label_name' },
  missed_call_logs: { kind: 'call', within: 'message_row_id' },
  missed_call_log_participant: { kind: 'membership', sender: 'jid' },
  joinable_call_log: { kind: 'note', call: 'call_log_row_id' },
  receipt_device: {
    ...{ kind: 'note', of: 'message_row_id', sender: 'receipt_device_jid_row_id' },
    times: [['receipt_device_timestamp', 'delivered', 'device']],
  },
  receipt_orphaned: {
    ...{ kind: 'note', key: 'key_id', sender: 'receipt_recipient_jid_row_id' },
    times: [['timestamp', 'received', 'device']],
  },
  wa_block_list: { kind: 'note', recipient: 'jid' },
  wa_vnames: { kind: 'note', sender: 'jid', body: 'verified_name' },
  wa_biz_profiles: { kind: 'note', sender: 'jid' },
  wa_group_descriptions: { kind: 'note', chat: 'jid', body: 'description' },
  wa_group_admin_settings: { kind: 'note', chat: 'jid' },
  message_add_on_orphan: { kind: 'note', key: 'parent_key_id', sender: 'sender_jid_row_id' },
  message_add_on_receipt_device: {
    ...{ kind: 'note', addOn: 'message_add_on_row_id', sender: 'receipt_device_jid_row_id' },
    times: [['receipt_device_timestamp', 'delivered', 'device']],
  },
};

/** Names of the tables read here. */
export const LINK_TABLES: readonly string[] = Object.keys(TABLES);

/** Readings by table: what a row belongs to and whom it names stand in the model, all else is kept by name. */
export const linkReadings: Readonly<Record<string, (table: SqliteTable) => OwnReading>> = Object.fromEntries(
  Object.entries(TABLES).map(([name, links]) => [name, (table: SqliteTable) => linkReading(table, links)]),
);

function linkReading(table: SqliteTable, links: Links): OwnReading {
  const at = (column: string | undefined): number => (column === undefined ? -1 : (table.column(column) ?? -1));
  const isRowid = (column: string | undefined): boolean => column?.endsWith('_row_id') ?? false;
  const jidOf = (row: RowCursor, context: ItemContext, column: string | undefined): string | null =>
    isRowid(column) ? context.names.jids.get(row.int(at(column))) : row.text(at(column)) || null;
  return {
    kind: links.kind,
    // A reference that cannot be followed is not lost: columns of rowids stay among the fields.
    used: [links.body, links.picture, ...(links.times ?? []).map(([column]) => column)].filter(
      (name) => name !== undefined,
    ),
    write(row, context) {
      const { out } = context;
      writeBelonging(row, context, { links, at });
      const chat = jidOf(row, context, links.chat);
      if (chat !== null) out.conversation(chat);
      const sender = jidOf(row, context, links.sender);
      if (sender !== null) out.sender(context.party(sender));
      const recipient = jidOf(row, context, links.recipient);
      if (recipient !== null) out.recipient(context.party(recipient));
      const words = row.text(at(links.body)) ?? context.names.pollOptions.get(row.int(at(links.option)));
      if (words !== null && words !== '') out.body(words);
      const picture = row.blob(at(links.picture));
      if (picture !== null && picture.length > 0) writeThumbnail(context, picture);
      for (const [column, name, clock] of links.times ?? [])
        writeTime(context, name, { value: row.int(at(column)), clock });
    },
  };
}

function writeBelonging(
  row: RowCursor,
  context: ItemContext,
  { links, at }: { readonly links: Links; at(column: string | undefined): number },
): void {
  const { names, out } = context;
  if (links.within !== undefined) writeWithin(context, names.messages.get(row.int(at(links.within))));
  if (links.of !== undefined) writePartOf(context, names.messages.get(row.int(at(links.of))));
  if (links.call !== undefined) writePartOf(context, names.calls.get(row.int(at(links.call))));
  if (links.addOn !== undefined) writePartOf(context, names.addOns.get(row.int(at(links.addOn))));
  const key = row.text(at(links.key));
  if (key !== null && key !== '') out.ref('part-of', key);
}
