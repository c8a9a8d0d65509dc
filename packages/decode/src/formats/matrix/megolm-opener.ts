import { utf8DecodeLossy } from '@custody/bytes';
import { type JsonObject, objectOf, parseObject, textOf } from './json-value.ts';
import { looseBase64 } from './loose-base64.ts';
import { type MegolmMessage, readMegolmMessage } from './megolm-message.ts';
import { MegolmSession, type OpenedMessage } from './megolm-session.ts';
import type { StoredSession } from './session-record.ts';
import type { SessionStore } from './session-store.ts';
import type { MegolmState } from './statements.ts';

/** What came of an encrypted event. */
export interface OpenedEvent {
  readonly state: MegolmState;
  readonly sessionId: string | null;
  readonly index: number | null;
  readonly ciphertext: string | null;
  /** The supplied session that opened it, or the one that came closest. */
  readonly session: StoredSession | null;
  readonly plain: { readonly type: string; readonly content: JsonObject } | null;
}

/** Sessions that are kept ready, most of them a ratchet and a key each. */
const MOST_READY = 512;
const NOTHING: OpenedEvent = {
  state: 'malformed',
  sessionId: null,
  index: null,
  ciphertext: null,
  session: null,
  plain: null,
};

interface Ready {
  readonly stored: StoredSession;
  readonly session: MegolmSession;
}

/** Opens m.megolm.v1.aes-sha2 events with supplied sessions: signature, then MAC, then plaintext, then its room. */
export class MegolmOpener {
  readonly #store: SessionStore;
  readonly #ready = new Map<string, readonly Ready[]>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  open(content: JsonObject, room: string): OpenedEvent {
    const algorithm = textOf(content, 'algorithm');
    const ciphertext = textOf(content, 'ciphertext');
    if (algorithm === null && ciphertext === null) return { ...NOTHING, state: 'redacted' };
    if (algorithm !== 'm.megolm.v1.aes-sha2') return { ...NOTHING, state: 'other-algorithm' };
    const sessionId = textOf(content, 'session_id');
    const bytes = looseBase64(ciphertext);
    const message = bytes === null ? null : readMegolmMessage(bytes);
    if (message === null || sessionId === null) return { ...NOTHING, sessionId, ciphertext };
    const found = { ...NOTHING, sessionId, ciphertext, index: message.index };
    const ready = this.#sessions(sessionId);
    const [first] = ready;
    if (first === undefined) return { ...found, state: 'key-missing' };
    // All keys of a session have its id, so one verification serves them all.
    if (!first.session.verifies(message)) return { ...found, state: 'signature-failed', session: first.stored };
    return { ...found, ...decrypt(ready, message, room) };
  }

  #sessions(sessionId: string): readonly Ready[] {
    const known = this.#ready.get(sessionId);
    if (known !== undefined) return known;
    const publicKey = looseBase64(sessionId);
    const stored = publicKey?.length === 32 ? this.#store.find(publicKey) : [];
    const ready = stored.map((one) => ({ stored: one, session: new MegolmSession(one) }));
    if (this.#ready.size >= MOST_READY) this.#ready.delete(this.#ready.keys().next().value as string);
    this.#ready.set(sessionId, ready);
    return ready;
  }
}

function decrypt(
  ready: readonly Ready[],
  message: MegolmMessage,
  room: string,
): Pick<OpenedEvent, 'state' | 'session' | 'plain'> {
  let best: { readonly outcome: OpenedMessage['outcome']; readonly stored: StoredSession } | null = null;
  for (const { stored, session } of ready) {
    const opened = session.decrypt(message);
    if (opened.outcome === 'opened') return { session: stored, ...readPlaintext(opened.plaintext, room) };
    if (best === null || best.outcome === 'key-begins-later') best = { outcome: opened.outcome, stored };
  }
  return { state: (best?.outcome ?? 'key-missing') as MegolmState, session: best?.stored ?? null, plain: null };
}

/** The plaintext names its room, so that a server cannot move a message from one room to another. */
function readPlaintext(plaintext: Buffer, room: string): Pick<OpenedEvent, 'state' | 'plain'> {
  const payload = parseObject(utf8DecodeLossy(plaintext));
  const type = textOf(payload, 'type');
  const content = objectOf(payload, 'content');
  if (type === null || content === null) return { state: 'malformed', plain: null };
  if (textOf(payload, 'room_id') !== room) return { state: 'room-differs', plain: null };
  return { state: 'opened', plain: { type, content } };
}
