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
  messageId: /^(id|uid|guid|uuid|(msg|message|nachricht|nachrichten|bericht)_?(id|uid|uuid|no|nr|key)|record_?id)$/,
  conversation:
    /^(conv|conversation|thread|chat|room|dialog|group|channel|gesprach|gesprek|unterhaltung)(_?(id|uid|name|jid|key))?$/,
  sender:
    /^(from|sender|src|source|author|originator|user|who|caller|expediteur|absender|afzender|remitente|mittente|von|van|de)(_?(id|user|name|jid|pin|nick|number|nummer|phone|handle|account|address|username|imei))?$/,
  recipients:
    /^(to|recipients?|rcpt|dst|dest|destination|receiver|target|callee|destinataire|empfaenger|empfanger|ontvanger|destinatario|an|aan|para)(_?(id|ids|user|users|name|jid|pin|nick|number|nummer|phone|handle|account|address|username|imei|list))?$/,
  sentAt:
    /^(ts|time|timestamp|when|date|datetime|date_?time|(sent|created|message|msg|event)(_?(at|on|time|date|ts|timestamp|ms))?|(gesendet|erstellt|verzonden|envoye|enviado|inviato)(_?(am|um|op|le|el|il))?|zeit|zeitpunkt|zeitstempel|datum|heure|fecha|data|tijd|tijdstip)(_?(utc|ms|unix))?$/,
  body: /^(body|text|txt|message|msg|content|plaintext|payload|(message|msg|chat)_?(body|text|content)|texte|texto|testo|bericht|nachricht|nachrichtentext|mensaje|inhalt|inhoud)$/,
} as const;

/** A heading as the words are written. Of a path its last two steps together where these say something, else the last. */
function wordOf({ path }: DraftField): string {
  const steps = [path].flat().map(plainWord);
  const last = steps.at(-1) ?? '';
  const two = steps.slice(-2).join('_');
  return steps.length > 1 && Object.values(WORDS).some((word) => word.test(two)) ? two : last;
}

/** Lower case, no accents, `_` between words, nothing in brackets. */
function plainWord(text: string): string {
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
  return plain
    .replaceAll(/\([^)]*\)|[^a-z0-9]+/g, '_')
    .replaceAll(/_+/g, '_')
    .replaceAll(/^_|_$/g, '');
}

/** Drafts a profile from the first records of a dump; null where it is neither lines of JSON nor a table of text. */
export function draftProfile(name: string, head: Uint8Array): ProfileDraft | null {
  const sample = readSample(Buffer.from(head));
  return sample === null ? null : draftOf(name, sample);
}

/** Drafts a profile from a sample of records. */
export function draftOf(name: string, sample: Sample): ProfileDraft {
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
    const found = fields.find((field) => !taken.has(field) && WORDS[word].test(wordOf(field)) && fits(field));
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
    ...(messageId !== undefined && { messageId: messageId.path }),
    ...(conversation !== undefined && { conversation: conversation.path }),
    ...(sender !== undefined && { sender: party(sender) }),
    ...(recipients !== undefined && {
      recipients: { ...party(recipients), ...(recipients.isList && { list: 'array' as const }) },
    }),
    ...(sentAt !== undefined && { sentAt: timeOf(sentAt) }),
    ...(body !== undefined && { body: body.path }),
    fields: Object.fromEntries(rest.map((field): [string, NamedField] => [field.name, { field: field.path }])),
  };
}

function party({ path }: DraftField): PartyField {
  return { field: path, type: PERSON };
}

/** The zone is for a person to say: a text without one leaves it open. */
function timeOf({ path, time }: DraftField): TimeField {
  const format = time ?? 'iso8601';
  return { field: path, format, zone: format.startsWith('unix-') ? 'UTC' : null, clock: 'unknown' };
}
