import type { ItemKind } from '@custody/evidence';
import type { ListKind } from './export-plan.ts';
import { instantOf } from './instants.ts';
import { fieldOf, isObject, type JsonObject, textOf } from './json-object.ts';
import { begin, ownerParty, partyOf, type RecordPlace, type WriteContext } from './message-writer.ts';

/** Writes an entry of a list that is no message. */
export function writeEntry(context: WriteContext, entry: JsonObject, kind: ListKind, place: RecordPlace): void {
  const { out } = context;
  out.begin(kindOf(kind), 'telegram', null);
  begin(context, place);
  const owner = ownerParty(out, context.plan);
  if (owner !== null) out.owner(owner);
  if (kind === 'contacts') writePerson(context, entry, false);
  else if (kind === 'frequent') {
    const id = textOf(entry.id);
    if (id !== null) out.recipient(partyOf(out, `${entry.type === 'user' ? 'user' : 'chat'}${id}`, textOf(entry.name)));
  } else {
    const ip = textOf(entry.last_ip) ?? textOf(entry.ip);
    if (ip !== null) out.sender(out.party('ip', ip));
  }
  const at = instantOf(entry.date_unixtime ?? entry.last_active_unixtime, entry.date ?? entry.last_active);
  if (at !== null) out.sentAt(at);
  writeFields(context, entry);
  out.end();
}

/** The account's own description. */
export function writeAccount(context: WriteContext, entry: JsonObject, place: RecordPlace): void {
  const { out } = context;
  out.begin('account', 'telegram', null);
  begin(context, place);
  const owner = ownerParty(out, context.plan);
  if (owner !== null) out.owner(owner);
  writePerson(context, entry, true);
  writeFields(context, entry);
  out.end();
}

function kindOf(kind: ListKind): ItemKind {
  if (kind === 'contacts') return 'contact';
  return kind === 'sessions' || kind === 'web-sessions' ? 'device' : 'note';
}

/** A person by id, number and user name: what of these the entry has. */
function writePerson({ out }: WriteContext, entry: JsonObject, isOwner: boolean): void {
  const name = [textOf(entry.first_name), textOf(entry.last_name)].filter((part) => part !== null).join(' ');
  const id = textOf(entry.user_id);
  if (id !== null && id !== '0' && !isOwner) out.recipient(partyOf(out, `user${id}`, name === '' ? null : name));
  const phone = phoneOf(textOf(entry.phone_number));
  if (phone !== null) out.recipient(out.party('phone', phone, name === '' ? undefined : name));
  const user = textOf(entry.username)?.replace(/^@/, '');
  if (user !== undefined) out.recipient(out.party('username', `@${user}`));
  if (name !== '') out.body(name);
}

/** Exports write numbers with `+` or `00` in front; others are no international number. */
function phoneOf(text: string | null): string | null {
  const digits = text?.replaceAll(/[\s()-]/g, '').replace(/^00/, '+') ?? '';
  return /^\+\d{7,15}$/.test(digits) ? digits : null;
}

function writeFields({ out }: WriteContext, entry: JsonObject): void {
  for (const [name, value] of Object.entries(entry)) {
    if (value === null || value === '' || (isObject(value) && Object.keys(value).length === 0)) continue;
    out.field(name, fieldOf(value));
  }
}
