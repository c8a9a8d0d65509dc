import { createHash } from 'node:crypto';
import { OutboundSession, Signer, sealFile, seeded } from './write-keys.ts';

/** A room of invented people whose events are hashed, chained and signed; made without any code of the decoder. */

type Event = Record<string, unknown> & { content: Record<string, unknown> };
export interface WrittenEvent {
  readonly id: string;
  readonly event: Event;
}

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

const without = (event: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name)));
const only = (event: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(event).filter(([name]) => names.includes(name)));

/** Redaction as it reads in the specification of each room version, one `if` a change. */
export function redacted(event: Event, version: number): object {
  const members =
    'event_id type room_id sender state_key content hashes signatures depth prev_events auth_events origin_server_ts'.split(
      ' ',
    );
  if (version < 11) members.push('prev_state', 'origin', 'membership');
  let names: string[] = [];
  if (event.type === 'm.room.member') {
    names = ['membership'];
    if (version >= 9) names.push('join_authorised_via_users_server');
  } else if (event.type === 'm.room.create') names = version >= 11 ? Object.keys(event.content) : ['creator'];
  else if (event.type === 'm.room.join_rules') names = version >= 8 ? ['join_rule', 'allow'] : ['join_rule'];
  else if (event.type === 'm.room.power_levels') {
    names = 'ban events events_default kick redact state_default users users_default'.split(' ');
    if (version >= 11) names.push('invite');
  } else if (event.type === 'm.room.aliases' && version < 6) names = ['aliases'];
  else if (event.type === 'm.room.history_visibility') names = ['history_visibility'];
  else if (event.type === 'm.room.redaction' && version >= 11) names = ['redacts'];
  return { ...only(event, members), content: only(event.content, names) };
}

export class RoomWriter {
  readonly version: number;
  readonly server = 'chat.example';
  readonly signer: Signer = new Signer('server');
  readonly events: WrittenEvent[] = [];
  room: string;
  #time = 1_750_000_000_000;

  constructor(version: number) {
    this.version = version;
    this.room = version >= 12 ? '' : '!room:chat.example';
  }

  /** Appends an event after the last one. */
  send(sender: string, type: string, content: Record<string, unknown>, extra: Record<string, unknown> = {}): string {
    const last = this.events.at(-1);
    const depth = this.events.length + 1;
    const parents =
      last === undefined ? [] : [this.version <= 2 ? [last.id, { sha256: b64(sha256(last.id)) }] : last.id];
    const base: Event = {
      type,
      sender,
      content,
      depth,
      origin_server_ts: this.#time,
      prev_events: parents,
      auth_events: [],
      ...extra,
    };
    this.#time += 60_000;
    if (this.room !== '') base.room_id = this.room;
    if (this.version < 11) base.origin = this.server;
    if (this.version <= 2) base.event_id = `$event${depth}:${this.server}`;
    base.hashes = { sha256: b64(sha256(canonical(without(base, 'hashes', 'unsigned', 'signatures')))) };
    const signed = canonical(without(redacted(base, this.version), 'signatures', 'unsigned'));
    const event = {
      ...base,
      signatures: { [this.server]: { 'ed25519:a_one': this.signer.sign(Buffer.from(signed, 'utf8')) } },
      unsigned: { age: 12 },
    };
    const id = this.version <= 2 ? (base.event_id as string) : `$${this.#hashed(signed)}`;
    if (this.version >= 12 && type === 'm.room.create') this.room = `!${id.slice(1)}`;
    this.events.push({ id, event });
    return id;
  }

  encrypt(
    session: OutboundSession,
    sender: string,
    inner: { type: string; content: Record<string, unknown> },
    relation?: object,
  ): string {
    const ciphertext = session.encrypt(JSON.stringify({ ...inner, room_id: this.room }));
    const related = relation === undefined ? {} : { 'm.relates_to': relation };
    const content = {
      algorithm: 'm.megolm.v1.aes-sha2',
      sender_key: b64(seeded('curve', 32)),
      device_id: 'PHONE',
      session_id: session.id,
      ciphertext,
      ...related,
    };
    return this.send(sender, 'm.room.encrypted', content);
  }

  #hashed(text: string): string {
    const hash = b64(sha256(text));
    return this.version === 3 ? hash : hash.replaceAll('+', '-').replaceAll('/', '_');
  }
}

export const ANN = '@ann:chat.example';
export const BOB = '@bob:chat.example';
/** Content of the file that `conversation` sends. */
export const photo: Buffer = Buffer.concat(Array.from({ length: 20 }, (_, i) => seeded(`photo ${i}`, 150)));

export interface Conversation {
  readonly room: RoomWriter;
  readonly events: readonly WrittenEvent[];
  /** Ids by what they are in the conversation. */
  readonly ids: Readonly<
    Record<'hello' | 'edit' | 'reply' | 'reaction' | 'photo' | 'bob' | 'redaction' | 'thread', string>
  >;
  /** Sessions as key exports list them. */
  readonly sessions: readonly { readonly session_id: string; readonly session_key: string; readonly room_id: string }[];
  readonly media: { readonly id: string; readonly ciphertext: Buffer };
}

/** Two people in an encrypted room: a message, its edit, a reply, a reaction, a file, a thread, a redaction. */
export function conversation(version = 10): Conversation {
  const room = new RoomWriter(version);
  room.send(
    ANN,
    'm.room.create',
    { creator: ANN, room_version: String(version), 'm.federate': true },
    { state_key: '' },
  );
  room.send(ANN, 'm.room.member', { membership: 'join', displayname: 'Ann' }, { state_key: ANN });
  room.send(ANN, 'm.room.power_levels', { users: { [ANN]: 100 }, ban: 50, invite: 0 }, { state_key: '' });
  room.send(ANN, 'm.room.join_rules', { join_rule: 'restricted', allow: [] }, { state_key: '' });
  room.send(BOB, 'm.room.member', { membership: 'join', displayname: 'Bob' }, { state_key: BOB });
  const [ann, bob] = [new OutboundSession(`ann ${version}`), new OutboundSession(`bob ${version}`)];
  const sessions = [ann, bob].map((one) => ({
    ...{ algorithm: 'm.megolm.v1.aes-sha2', room_id: room.room, session_id: one.id, session_key: one.exported },
    sender_key: b64(seeded('curve', 32)),
    sender_claimed_keys: { ed25519: b64(seeded('claimed', 32)) },
    forwarding_curve25519_key_chain: [],
  }));
  const text = (body: string, more: object = {}) => ({
    type: 'm.room.message',
    content: { msgtype: 'm.text', body, ...more },
  });
  const hello = room.encrypt(ann, ANN, text('Hello Bob'));
  const edit = room.encrypt(
    ann,
    ANN,
    text('* Hello, Bob', { 'm.new_content': { msgtype: 'm.text', body: 'Hello, Bob' } }),
    { rel_type: 'm.replace', event_id: hello },
  );
  const reply = room.encrypt(bob, BOB, text('Hello Ann \u{1f44b}'), { 'm.in_reply_to': { event_id: hello } });
  const reaction = room.send(BOB, 'm.reaction', {
    'm.relates_to': { rel_type: 'm.annotation', event_id: hello, key: '\u{1f44d}' },
  });
  const sealed = sealFile(photo, 'mxc://chat.example/AbCdEfGhIjKl');
  const content = {
    msgtype: 'm.image',
    body: 'photo.jpg',
    info: { mimetype: 'image/jpeg', size: photo.length },
    file: sealed.file,
  };
  const sent = room.encrypt(ann, ANN, { type: 'm.room.message', content });
  const thread = room.encrypt(bob, BOB, text('In the thread'), {
    rel_type: 'm.thread',
    event_id: hello,
    is_falling_back: true,
    'm.in_reply_to': { event_id: hello },
  });
  const second = room.encrypt(bob, BOB, text('To be taken back'));
  const target = version >= 11 ? {} : { redacts: second };
  const redaction = room.send(
    BOB,
    'm.room.redaction',
    { reason: 'a slip', ...(version >= 11 ? { redacts: second } : {}) },
    target,
  );
  const ids = { hello, edit, reply, reaction, photo: sent, bob: second, redaction, thread };
  return { room, events: room.events, ids, sessions, media: { id: 'AbCdEfGhIjKl', ciphertext: sealed.ciphertext } };
}
