import type { BatchWriter, Instant, Locator } from '@custody/evidence';
import type { OpenedMessage } from '../../openpgp/open-message.ts';
import { authenticationOf } from './authentications.ts';
import { header, headers, readAddresses } from './header-text.ts';
import { mailInstant, pgpInstant } from './mail-date.ts';
import type { MimePart } from './mime-part.ts';
import type { OpenedMail } from './open-parts.ts';

/** A mail as an item: what its headers claim, what its messages held. */
export function writeMail(
  out: BatchWriter,
  { part, opened, more }: { part: MimePart; opened: OpenedMail; readonly more: readonly (readonly [string, string])[] },
  place: { locator: Locator; raw: Uint8Array },
): void {
  out.begin('message', 'mail', null);
  out.locator(place.locator);
  out.raw(place.raw);
  const id = header(part.headers, 'message-id');
  const references =
    (header(part.headers, 'references') ?? header(part.headers, 'in-reply-to') ?? '').match(/<[^<>\s]+>/g) ?? [];
  const thread = references[0] ?? id;
  if (id !== null) out.messageId(id);
  if (thread !== null) out.conversation(thread);
  const answered = header(part.headers, 'in-reply-to')?.match(/<[^<>\s]+>/)?.[0];
  if (answered !== undefined) out.ref('reply-to', answered);
  writePeople(out, part);
  writeTimes(out, part, opened.messages);
  if (opened.text !== null) out.body(opened.text);
  for (const attachment of opened.attachments) out.attachment(attachment);
  out.authentication(authenticationOf(opened.messages, opened.inClear.length > 0));
  const fields = pgpFields(opened.messages);
  const set = (name: string, value: string | null | undefined) => {
    if (value != null && value !== '') fields.set(name, value);
  };
  set('subject', header(part.headers, 'subject'));
  set('deliveredTo', header(part.headers, 'delivered-to') ?? header(part.headers, 'x-original-to'));
  set('received', headers(part.headers, 'received').slice(0, 8).join('\n'));
  set('mailer', header(part.headers, 'x-mailer') ?? header(part.headers, 'user-agent'));
  set('bodyType', opened.isHtml ? 'text/html' : '');
  set('charsetDoubt', [...opened.unknownCharsets].sort().join(', '));
  set('textInClear', opened.inClear.join('\n'));
  if (opened.unjudged > 0) fields.set('clearSignatures', `${opened.unjudged}, not judged`);
  for (const [name, value] of more) fields.set(name, value);
  for (const [name, value] of fields) out.field(name, value);
  out.end();
}

function writePeople(out: BatchWriter, { headers: fields }: MimePart): void {
  const [from] = readAddresses(header(fields, 'from') ?? header(fields, 'sender') ?? '');
  if (from !== undefined)
    out.sender(out.party('email', from.address.toLowerCase(), from.name === '' ? undefined : from.name));
  const seen = new Set<string>();
  for (const name of ['to', 'cc', 'bcc']) {
    for (const value of headers(fields, name)) {
      for (const one of readAddresses(value)) {
        const address = one.address.toLowerCase();
        if (seen.has(address)) continue;
        seen.add(address);
        out.recipient(out.party('email', address, one.name === '' ? undefined : one.name));
      }
    }
  }
  if (seen.size === 0) out.noRecipients();
}

/** When the last server got a mail, as its header says. */
export function receivedAt(fields: MimePart['headers']): Instant | null {
  const received = headers(fields, 'received')[0];
  const stamp = received?.slice(received.lastIndexOf(';') + 1).trim();
  return stamp === undefined || stamp === '' ? null : mailInstant(stamp, 'server');
}

/** Four clocks, kept apart: the Date header, the servers on the way, the literal packet, the signature. */
function writeTimes(out: BatchWriter, { headers: fields }: MimePart, messages: readonly OpenedMessage[]): void {
  const date = header(fields, 'date');
  if (date !== null) out.sentAt(mailInstant(date, 'sender'));
  const received = receivedAt(fields);
  if (received !== null) out.time('received', received);
  const literal = messages.find((one) => (one.literal?.date ?? 0) !== 0)?.literal;
  if (literal != null) out.time('pgpLiteral', pgpInstant(literal.date));
  const signed = messages.flatMap(({ signatures }) => signatures).find(({ created }) => created !== null);
  if (signed?.created != null) out.time('pgpSigned', pgpInstant(signed.created));
}

/** How the messages inside were opened: which key, which cipher, what protects them, who signed. */
export function pgpFields(messages: readonly OpenedMessage[]): Map<string, string> {
  const fields = new Map<string, string>();
  const list = (name: string, values: readonly (string | null)[]) => {
    const kept = [...new Set(values.filter((value) => value !== null && value !== ''))];
    if (kept.length > 0) fields.set(name, kept.join(', '));
  };
  list(
    'pgpOutcome',
    messages.map(({ outcome }) => outcome),
  );
  list(
    'pgpOpenedBy',
    messages.map(({ openedBy }) => openedBy),
  );
  list(
    'pgpCipher',
    messages.map(({ cipher }) => cipher),
  );
  list(
    'pgpIntegrity',
    messages.map(({ integrity }) => integrity),
  );
  list(
    'pgpRecipients',
    messages.flatMap(({ recipients }) => recipients),
  );
  list(
    'pgpFlags',
    messages.flatMap(({ flags }) => flags),
  );
  list(
    'pgpSigned',
    messages.flatMap(({ signatures }) => signatures.map((one) => `${one.status} ${one.fingerprint ?? one.keyId}`)),
  );
  return fields;
}

/** A message without a mail around it: its text, or the file in it. */
export function writeBareMessage(
  out: BatchWriter,
  opened: OpenedMail,
  place: { locator: Locator; raw: Uint8Array },
): void {
  const { messages } = opened;
  out.begin('message', 'openpgp', null);
  out.locator(place.locator);
  out.raw(place.raw);
  if (opened.text !== null) out.body(opened.text);
  for (const attachment of opened.attachments) out.attachment(attachment);
  const dated = messages.find((one) => (one.literal?.date ?? 0) !== 0)?.literal;
  if (dated != null) out.sentAt(pgpInstant(dated.date));
  const signed = messages.flatMap(({ signatures }) => signatures).find(({ created }) => created !== null);
  if (signed?.created != null) out.time('pgpSigned', pgpInstant(signed.created));
  out.authentication(authenticationOf(messages, false));
  const fields = pgpFields(messages);
  const name = messages.map(({ literal }) => literal?.name ?? new Uint8Array()).find(({ length }) => length > 0);
  if (name !== undefined) fields.set('pgpFileName', Buffer.from(name).toString());
  if (opened.unknownCharsets.size > 0) fields.set('charsetDoubt', [...opened.unknownCharsets].join(', '));
  for (const [key, value] of fields) out.field(key, value);
  out.end();
}
