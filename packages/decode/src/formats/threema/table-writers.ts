import { membersOf } from './gather-people.ts';
import { instantOf } from './instant.ts';
import type { TableName } from './member-kind.ts';
import type { WriteContext } from './message-writer.ts';
import { groupParty, isIdentity, personParty } from './people.ts';
import type { TableRow } from './table-row.ts';

/** Writes the items of a row of one table. */
export type TableWriter = (context: WriteContext, row: TableRow) => void;

export const tableWriters: Readonly<Record<TableName, TableWriter>> = {
  contacts: writeContact,
  groups: writeGroup,
  lists: writeList,
  ballots: writeBallot,
  choices: writeBallotPart,
  votes: writeBallotPart,
  'contact-reactions': writeReaction,
  'group-reactions': writeReaction,
};

function writeContact(context: WriteContext, row: TableRow): void {
  const { out, people } = context;
  context.begin('contact', null, row);
  writeOwner(context);
  const identity = row.text('identity');
  if (identity !== null) out.recipient(personParty(out, people, identity));
  const name = identity === null ? undefined : people.names.get(identity);
  if (name !== undefined) out.body(name);
  writeFields(context, row, ['identity', 'firstname', 'lastname']);
  out.end();
}

/** One item a row: the group as conversation, its members as recipients. */
function writeGroup(context: WriteContext, row: TableRow): void {
  const { out, people } = context;
  context.begin('membership', null, row);
  writeOwner(context);
  const creator = row.text('creator');
  const id = row.text('id') ?? '';
  const group = { value: creator === null ? id : `${creator}-${id}`, name: row.text('groupname') };
  out.conversation(group.value);
  out.ref('member-of', group.value);
  if (creator !== null) out.sender(personParty(out, people, creator));
  out.recipient(groupParty(out, group));
  for (const member of membersOf(row.text('members'))) out.recipient(personParty(out, people, member));
  if (group.name !== null) out.body(group.name);
  // Members as the row has them: what is no Threema ID is no party, and is not lost.
  writeCreated(context, row);
  writeFields(context, row, ['id', 'creator', 'groupname', 'created_at']);
  out.end();
}

function writeList(context: WriteContext, row: TableRow): void {
  const { out, people } = context;
  context.begin('membership', null, row);
  writeOwner(context);
  const id = row.text('id');
  const name = row.text('distribution_list_name');
  if (id !== null) {
    out.conversation(`list:${id}`);
    out.recipient(out.party('threema-list', id, name ?? undefined));
  }
  for (const member of membersOf(row.text('distribution_members'))) out.recipient(personParty(out, people, member));
  if (name !== null) out.body(name);
  writeCreated(context, row);
  writeFields(context, row, ['id', 'distribution_list_name', 'created_at']);
  out.end();
}

/** A poll: its question as text, its conversation as `ref_id` names it. */
function writeBallot(context: WriteContext, row: TableRow): void {
  const { out, people } = context;
  context.begin('note', null, row);
  writeOwner(context);
  const [id, creator, of] = [row.text('aid'), row.text('creator'), row.text('ref_id')];
  if (id !== null) out.messageId(`ballot:${creator ?? ''}:${id}`);
  if (creator !== null) out.sender(personParty(out, people, creator));
  if (of !== null) out.conversation(people.groups.get(of)?.value ?? of);
  const name = row.text('name');
  if (name !== null) out.body(name);
  writeCreated(context, row);
  writeFields(context, row, ['creator', 'name', 'created_at']);
  out.end();
}

/** A choice or a vote, part of the ballot that it names by id and creator. */
function writeBallotPart(context: WriteContext, row: TableRow): void {
  const { out, people } = context;
  context.begin('note', null, row);
  writeOwner(context);
  const ballot = row.text('ballot_uid', 'ballot');
  if (ballot !== null) {
    const [id, creator] = ballot.split(/-(?=[A-Z0-9*]{8}$)/);
    out.ref('part-of', creator === undefined ? `ballot:${ballot}` : `ballot:${creator}:${id}`);
  }
  const voter = row.text('identity');
  if (voter !== null) out.sender(personParty(out, people, voter));
  const name = row.text('name');
  if (name !== null) out.body(name);
  writeCreated(context, row);
  writeFields(context, row, ['identity', 'name', 'created_at']);
  out.end();
}

function writeReaction(context: WriteContext, row: TableRow): void {
  const { out, people } = context;
  const sender = row.text('sender_identity', 'sender');
  const isOwn = sender !== null && sender === people.owner;
  context.begin('reaction', sender === null || people.owner === null ? null : isOwn ? 'outgoing' : 'incoming', row);
  writeOwner(context);
  if (sender !== null) out.sender(personParty(out, people, sender));
  const group = row.text('api_group_id', 'group_id');
  const creator = row.text('group_creator_identity', 'creator');
  const contact = row.text('contact_identity', 'identity');
  if (group !== null) out.conversation(creator === null ? group : `${creator}-${group}`);
  else if (contact !== null) out.conversation(contact);
  const message = row.text('api_message_id', 'apiid', 'message_id');
  if (message !== null) out.ref('reacts-to', message);
  const emoji = row.text('emoji_sequence', 'emoji', 'reaction');
  if (emoji !== null) out.body(emoji);
  const at = instantOf(row.text('reacted_at', 'created_at'), isOwn ? 'device' : 'sender');
  if (at !== null) out.sentAt(at);
  writeFields(context, row, []);
  out.end();
}

/** A line of the file `settings`: the version of the backup. */
export function writeSetting(context: WriteContext, row: TableRow): void {
  context.begin('note', 'system', row);
  writeOwner(context);
  writeFields(context, row, []);
  context.out.end();
}

function writeOwner({ out, people }: WriteContext): void {
  if (people.owner !== null && isIdentity(people.owner)) out.owner(personParty(out, people, people.owner));
}

function writeCreated({ out }: WriteContext, row: TableRow): void {
  const created = instantOf(row.text('created_at'), 'device');
  if (created !== null) out.sentAt(created);
}

function writeFields({ out }: WriteContext, row: TableRow, placed: readonly string[]): void {
  for (const [name, value] of row.entries()) if (!placed.includes(name) && value !== '0') out.field(name, value);
}
