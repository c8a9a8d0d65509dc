import type { Attachment, BatchWriter, Direction, ItemKind, Locator } from '@custody/evidence';
import { readAesgcmLink } from '../../omemo/open-payload.ts';
import type { ArchiveRecord } from './container.ts';
import { bareJid, resourceOf } from './jid.ts';
import type { OpenedBody } from './sealed-body.ts';
import type { Stanza } from './stanza.ts';
import { attribute, child, type XmlElement } from './xml-element.ts';

export interface Place {
  readonly locator: Locator;
  readonly raw: Uint8Array;
  /** Earlier records that the message was put together from. */
  readonly sources: readonly Locator[];
  readonly attachments?: readonly Attachment[];
}

/** One message with what became of its body. */
export function writeMessage(
  out: BatchWriter,
  record: ArchiveRecord,
  { stanza, opened, place }: { stanza: Stanza; opened: OpenedBody; place: Place },
): void {
  const { owner } = record;
  const kind = kindOf(stanza, opened);
  out.begin(kind, 'xmpp', directionOf(stanza, owner));
  out.locator(place.locator);
  for (const source of place.sources) out.source(source);
  out.raw(place.raw);
  const id = stanza.originId ?? stanza.id ?? record.archiveId;
  if (id !== null) out.messageId(id);
  const conversation = conversationOf(stanza, owner);
  if (conversation !== null) out.conversation(conversation);
  writeParties(out, stanza, owner);
  if (record.stored !== null) out.sentAt(record.stored);
  if (record.created != null) out.time('created', record.created);
  if (opened.body !== null) {
    if (typeof opened.body === 'string') out.body(opened.body);
    else out.bodyBytes(opened.body);
  } else if (kind === 'reaction') out.body(stanza.emojis.join(' '));
  if (stanza.acts !== null) out.ref(stanza.acts.rel, stanza.acts.id);
  if (stanza.replyTo !== null) out.ref('reply-to', stanza.replyTo);
  if (stanza.passedOn?.id != null) out.ref('forwarded-from', stanza.passedOn.id);
  for (const attachment of place.attachments ?? []) out.attachment(attachment);
  out.authentication(opened.authentication);
  for (const [name, value] of fieldsOf(record, stanza, opened)) out.field(name, value);
  out.end();
}

function kindOf(stanza: Stanza, opened: OpenedBody): ItemKind {
  if (stanza.acts?.rel === 'deletes') return 'deletion';
  if (stanza.acts?.rel === 'reacts-to') return 'reaction';
  if (stanza.acts?.rel === 'edits') return 'edit';
  const hasText = opened.body !== null || opened.lost !== null || stanza.passedOn !== null || stanza.links.length > 0;
  return hasText && !opened.protocol ? 'message' : 'note';
}

/** As the owner of the archive sees it, from the addresses alone. */
function directionOf(stanza: Stanza, owner: string | null): Direction {
  if (owner === null) return null;
  const speaker = stanza.type === 'groupchat' && stanza.realJid !== null ? stanza.realJid : stanza.from;
  if (speaker !== null && bareJid(speaker) === owner) return 'outgoing';
  if (stanza.to !== null && bareJid(stanza.to) === owner) return 'incoming';
  return null;
}

/** The room; else the other party's bare JID, or both where nobody owns the archive. */
function conversationOf(stanza: Stanza, owner: string | null): string | null {
  const from = stanza.from === null ? null : bareJid(stanza.from);
  const to = stanza.to === null ? null : bareJid(stanza.to);
  if (stanza.type === 'groupchat') return from === owner ? to : from;
  if (from === null || to === null) return from ?? to;
  return [from, to].sort().join(' ');
}

function writeParties(out: BatchWriter, stanza: Stanza, owner: string | null): void {
  const { from, to, type, realJid } = stanza;
  if (from !== null) {
    const nick = type === 'groupchat' ? resourceOf(from) : null;
    if (nick !== null && realJid !== null) out.sender(out.party('xmpp', bareJid(realJid), nick));
    // Behind a room's nickname anybody may stand.
    else if (nick !== null) out.sender(out.party('xmpp-occupant', from));
    else out.sender(out.party('xmpp', bareJid(from)));
  }
  if (to !== null) out.recipient(out.party('xmpp', bareJid(to)));
  else out.noRecipients();
  if (owner !== null) out.owner(out.party('xmpp', owner));
}

/** Links of a message: those of its own element, and a body that is nothing but an `aesgcm:` link. */
export function linksOf(stanza: Stanza, { body }: OpenedBody): string[] {
  const text = typeof body === 'string' ? body : body === null ? '' : Buffer.from(body).toString();
  return [...new Set([...stanza.links, ...(readAesgcmLink(text) === null ? [] : [text.trim()])])];
}

function fieldsOf(record: ArchiveRecord, stanza: Stanza, opened: OpenedBody): Map<string, string | number | boolean> {
  const fields = new Map<string, string | number | boolean>();
  for (const [name, value] of record.fields)
    if (typeof value === 'string' || typeof value === 'number') fields.set(name, value);
  for (const [name, value] of opened.fields) fields.set(name, value);
  const set = (name: string, value: string | null) => {
    if (value !== null && value !== '') fields.set(name, value);
  };
  set('archiveId', record.archiveId);
  set('stanzaId', stanza.id);
  set('type', stanza.type);
  set('carbon', stanza.carbon);
  set('subject', stanza.subject);
  set('thread', stanza.thread);
  set('fromResource', stanza.from === null ? null : resourceOf(stanza.from));
  set('toResource', stanza.to === null ? null : resourceOf(stanza.to));
  const claimed = stanza.stanzaIds.map(({ by, id }) => `${id} by ${by ?? 'nobody'}`).join(', ');
  set('stanzaIds', claimed);
  set('otherElements', stanza.others.join(' '));
  if (stanza.passedOn !== null) {
    set('forwardedFrom', stanza.passedOn.from);
    set('forwardedTo', stanza.passedOn.to);
    set('forwardedBody', stanza.passedOn.body);
  }
  return fields;
}

/** An entry of a roster, a vCard, or an account. */
export function writePerson(out: BatchWriter, record: ArchiveRecord, place: Place): void {
  const { owner, stanza, what, name } = record;
  const isOther = what === 'contact';
  const jid = isOther ? (record.peer ?? (stanza === null ? null : attribute(stanza, 'jid'))) : owner;
  out.begin(what === 'account' ? 'account' : 'contact', 'xmpp', null);
  out.locator(place.locator);
  out.raw(place.raw);
  if (jid !== null) out.sender(out.party('xmpp', bareJid(jid), name === '' ? undefined : name));
  if (owner !== null) out.owner(out.party('xmpp', owner));
  if (record.stored !== null) out.sentAt(record.stored);
  if (name !== '') out.body(name);
  for (const [key, value] of personFields(record)) out.field(key, value);
  out.end();
}

function personFields(record: ArchiveRecord): Map<string, string> {
  const fields = new Map<string, string>();
  const { stanza } = record;
  for (const [name, value] of record.fields) if (typeof value === 'string' && value !== '') fields.set(name, value);
  if (stanza === null) return fields;
  for (const [name, value] of stanza.attributes) if (name !== 'jid' && name !== 'name') fields.set(name, value);
  const groups = stanza.children.filter(({ name }) => name === 'group').map(({ text }) => text);
  if (groups.length > 0) fields.set('groups', groups.join(', '));
  if (record.what === 'card') for (const [name, value] of cardFields(stanza)) fields.set(name, value);
  return fields;
}

/** Simple values of a vCard by element name; a photograph is only named. */
function cardFields(card: XmlElement): [string, string][] {
  const fields: [string, string][] = [];
  for (const element of card.children) {
    if (fields.some(([name]) => name === element.name)) continue;
    const inner = element.children.filter(({ text }) => text !== '').map(({ name, text }) => `${name}: ${text}`);
    if (element.name === 'PHOTO')
      fields.push(['PHOTO', `${child(element, 'BINVAL')?.text.length ?? 0} characters of base64`]);
    else if (inner.length > 0) fields.push([element.name, inner.join('; ')]);
    else if (element.text.trim() !== '') fields.push([element.name, element.text.trim()]);
  }
  return fields;
}
