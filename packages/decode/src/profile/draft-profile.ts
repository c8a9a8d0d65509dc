import { type DraftField, readSample, type Sample } from './draft-sample.ts';
import type { Container, NamedField, PartyField, RecordProfile, TimeField } from './profile.ts';

/** A beginning of a profile, for a person to finish: what the names and shapes of the fields suggest, and no more. */
export interface ProfileDraft {
  readonly custodyProfile: 2;
  readonly name: string;
  readonly title: string;
  readonly basedOn: string;
  readonly platform: string;
  readonly container: Container;
  readonly records: readonly RecordProfile[];
}

const PERSON = 'username';
/** Words that field names are made of, in the languages that deliveries come in. */
const WORDS = {
  messageId: /^(id|uid|guid|uuid|(msg|message)_?(id|uid|uuid|no|nr|key)|record_?id)$/i,
  conversation: /^(conv|conversation|thread|chat|room|dialog|group|channel)(_?(id|uid|name|jid|key))?$/i,
  sender:
    /^(from|sender|src|source|author|originator|user|who|caller|expediteur|absender|afzender|remitente|mittente)(_?(id|user|name|jid|pin|nick|number|phone|handle|account|address|username|imei))?$/i,
  recipients:
    /^(to|recipients?|rcpt|dst|dest|destination|receiver|target|callee|destinataire|empfaenger|ontvanger|destinatario)(_?(id|ids|user|users|name|jid|pin|nick|number|phone|handle|account|address|username|imei|list))?$/i,
  sentAt:
    /^(ts|time|timestamp|when|date|datetime|date_?time|(sent|created|message|msg|event)(_?(at|on|time|date|ts|timestamp))?|zeit|zeitpunkt|datum|heure|fecha|data|tijd)(_?(utc|ms|unix))?$/i,
  body: /^(body|text|message|msg|content|plaintext|payload|(message|msg|chat)_?(body|text|content)|texte|texto|bericht|nachricht|mensaje)$/i,
} as const;

/** Drafts a profile from the first records of a dump; null where it is neither lines of JSON nor a table of text. */
export function draftProfile(name: string, head: Uint8Array): ProfileDraft | null {
  const sample = readSample(Buffer.from(head));
  if (sample === null) return null;
  return {
    custodyProfile: 2,
    name: profileName(name),
    title: `Draft for ${name}`,
    basedOn: 'TODO: what is known about this layout, and from where',
    platform: 'TODO',
    container: sample.container,
    records: [recordOf(sample)],
  };
}

function profileName(file: string): string {
  const plain = file
    .toLowerCase()
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return plain.slice(0, 60) || 'draft';
}

function recordOf({ fields }: Sample): RecordProfile {
  const taken = new Set<DraftField>();
  const find = (word: keyof typeof WORDS, fits: (field: DraftField) => boolean = () => true) => {
    const found = fields.find((field) => !taken.has(field) && WORDS[word].test(field.name) && fits(field));
    if (found !== undefined) taken.add(found);
    return found;
  };
  const messageId = find('messageId');
  const conversation = find('conversation');
  const sender = find('sender');
  const recipients = find('recipients');
  const sentAt = find('sentAt', ({ time }) => time !== null);
  const body = find('body', ({ binary }) => !binary);
  const rest = fields.filter((field) => !taken.has(field) && !field.isList);
  return {
    kind: 'message',
    ...(messageId !== undefined && { messageId: messageId.name }),
    ...(conversation !== undefined && { conversation: conversation.name }),
    ...(sender !== undefined && { sender: party(sender) }),
    ...(recipients !== undefined && {
      recipients: { ...party(recipients), ...(recipients.isList && { list: 'array' as const }) },
    }),
    ...(sentAt !== undefined && { sentAt: timeOf(sentAt) }),
    ...(body !== undefined && { body: body.name }),
    fields: Object.fromEntries(rest.map((field): [string, NamedField] => [field.name, { field: field.name }])),
  };
}

function party({ name }: DraftField): PartyField {
  return { field: name, type: PERSON };
}

/** The zone is for a person to say: a text without one leaves it open. */
function timeOf({ name, time }: DraftField): TimeField {
  const format = time ?? 'iso8601';
  return { field: name, format, zone: format === 'iso8601' ? null : 'UTC', clock: 'unknown' };
}
