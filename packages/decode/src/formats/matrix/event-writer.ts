import type { Attachment, BatchWriter, Instant, Locator } from '@custody/evidence';
import { canonicalJson } from './canonical-json.ts';
import type { EventFacts } from './event-content.ts';
import type { FoundEvent } from './event-source.ts';
import { integerOf, type JsonObject, memberOf, objectOf, textOf } from './json-value.ts';
import { unpadded } from './loose-base64.ts';
import type { OpenedEvent } from './megolm-opener.ts';
import { type Checks, statementOf } from './statements.ts';

/** Everything that an item is written from. */
export interface EventToWrite {
  readonly found: FoundEvent;
  readonly id: string | null;
  readonly room: string;
  readonly checks: Checks;
  readonly facts: EventFacts;
  /** Type after decryption. */
  readonly type: string;
  readonly opened: OpenedEvent | null;
  readonly attachments: readonly (Attachment & { readonly locator: Locator | null })[];
}

/** Writes one event as an item. */
export function writeEvent(out: BatchWriter, one: EventToWrite): void {
  const { found, id, room, checks, facts } = one;
  const { event } = found;
  out.begin(facts.kind, 'matrix', null);
  out.locator(found.locator);
  out.raw(found.raw);
  out.authentication(statementOf(checks));
  if (id !== null) out.messageId(id);
  out.conversation(room);
  const sender = textOf(event, 'sender');
  if (sender !== null) out.sender(out.party('matrix', sender));
  writeRecipient(out, one);
  const sent = integerOf(event, 'origin_server_ts');
  if (sent !== null) out.sentAt(instant(sent));
  if (found.receivedAt !== null) out.time('received', instant(found.receivedAt));
  if (facts.body !== null) out.body(facts.body);
  for (const { rel, id: target } of facts.refs) out.ref(rel, target);
  for (const { locator, ...attachment } of one.attachments) {
    if (locator !== null) out.source(locator);
    out.attachment(attachment);
  }
  writeFields(out, one);
  out.end();
}

function writeRecipient(out: BatchWriter, { found: { event }, facts, room }: EventToWrite): void {
  const member = textOf(event, 'state_key');
  if (facts.kind === 'membership') {
    if (member !== null) out.recipient(out.party('matrix', member));
    out.ref('member-of', room);
  } else out.recipient(out.party('matrix-room', room));
}

/** It is the sender's server, not the sender, that dates an event. */
function instant(ms: number): Instant {
  return { utc: ms, raw: String(ms), zone: 'UTC', precision: 'ms', clock: 'server' };
}

function writeFields(out: BatchWriter, { found, checks, facts, type, opened }: EventToWrite): void {
  const { event } = found;
  out.field('type', type);
  for (const [name, value] of found.fields) out.field(name, value);
  const stateKey = textOf(event, 'state_key');
  if (stateKey !== null) out.field('state_key', stateKey);
  const depth = integerOf(event, 'depth');
  if (depth !== null && depth >= 0) out.field('depth', depth);
  if (checks.id !== 'absent') {
    out.field('event_id_check', checks.id);
    out.field('content_hash_check', checks.content);
    out.field('server_signature_check', checks.signature);
  }
  writeRedaction(out, event);
  if (Object.keys(facts.rest).length > 0) out.field('content', canonicalJson(facts.rest));
  if (opened !== null) writeMegolm(out, event, { ...opened, state: checks.megolm });
}

/** What the server notes when it redacts. */
function writeRedaction(out: BatchWriter, event: JsonObject): void {
  const unsigned = objectOf(event, 'unsigned');
  const because = memberOf(unsigned, 'redacted_because');
  const by =
    textOf(unsigned, 'redacted_by') ??
    (because === undefined ? null : textOf(objectOf(unsigned, 'redacted_because'), 'event_id'));
  if (by !== null) out.field('redacted_by', by);
}

/** The device is what the event and the key claim; neither is proven by the session. */
function writeMegolm(out: BatchWriter, event: JsonObject, { state, sessionId, index, session }: OpenedEvent): void {
  out.field('encryption', state);
  if (sessionId !== null) out.field('megolm_session', sessionId);
  if (index !== null) out.field('megolm_index', index);
  const device = textOf(objectOf(event, 'content'), 'device_id');
  if (device !== null) out.field('claimed_device', device);
  if (session === null) return;
  out.field('key_source', session.source);
  if (session.senderKey.some((byte) => byte !== 0)) out.field('claimed_sender_key', unpadded(session.senderKey));
  if (session.claimedEd25519.some((byte) => byte !== 0)) out.field('claimed_ed25519', unpadded(session.claimedEd25519));
  if (session.forwarded) out.field('key_forwarded', true);
}
