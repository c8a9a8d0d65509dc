import type { Attachment, BatchWriter, FindingCode, Locator } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { shortHash, type UnitAccounting } from './accounting.ts';
import { hashOf, openAttachment, readEncryptedFile } from './attachment-cipher.ts';
import { eventFacts, type NamedFile, type PlainEvent } from './event-content.ts';
import { checkIntegrity, eventIdOf, type FindServerKey } from './event-integrity.ts';
import type { FindMedia, FoundEvent } from './event-source.ts';
import { writeEvent } from './event-writer.ts';
import { integerOf, type Json, type JsonObject, listOf, objectOf, textOf } from './json-value.ts';
import { MegolmOpener, type OpenedEvent } from './megolm-opener.ts';
import { type RoomVersion, roomVersion } from './room-version.ts';
import type { SessionStore } from './session-store.ts';
import type { Checks, MegolmState } from './statements.ts';

/** What decoding an event needs besides the event. */
export interface EventTerms {
  readonly sessions: SessionStore;
  /** Version of a room; null where the capture does not tell. */
  readonly versionOf: (room: string) => string | null;
  readonly findServerKey: FindServerKey;
  readonly findMedia: FindMedia;
}

const EMPTY: JsonObject = {};
/** States whose content is lost, with what they are called where each stands alone. */
const LOST_ALONE: Partial<Record<MegolmState, readonly [FindingCode, string]>> = {
  'signature-failed': [
    'AUTHENTICATION_FAILED',
    'the signature of the Megolm message does not verify: it was changed or damaged',
  ],
  'padding-failed': ['AUTHENTICATION_FAILED', 'signature and MAC verify, but what decrypts has no valid padding'],
  'room-differs': [
    'AUTHENTICATION_FAILED',
    'the message decrypts, but says that it belongs to another room; its content was not used',
  ],
  malformed: ['RECORD_MALFORMED', 'the content is no Megolm message that can be read'],
  'other-algorithm': ['UNSUPPORTED_VERSION', 'the content is encrypted by another algorithm than m.megolm.v1.aes-sha2'],
};
/** One of each way to hash an event, the newest first. */
const HASHED_VERSIONS: readonly string[] = ['11', '10', '8', '6', '4', '3'];
const MOST_GUESSES = 4;
const LOST_TOGETHER: ReadonlySet<MegolmState> = new Set(['key-missing', 'key-begins-later', 'mac-failed']);

interface Checked {
  readonly id: string | null;
  readonly checks: Checks;
}

/** Decodes events one by one, checks what can be checked, and keeps account. */
export class EventDecoder {
  readonly #terms: EventTerms;
  readonly #opener: MegolmOpener;
  readonly #versions = new Map<string, RoomVersion | null>();
  readonly #guesses = new Map<string, number>();

  constructor(terms: EventTerms) {
    this.#terms = terms;
    this.#opener = new MegolmOpener(terms.sessions);
  }

  /** Writes the item of an event, and a finding where something about it is wrong. True where its content was read. */
  decode(found: FoundEvent, out: BatchWriter, account: UnitAccounting): boolean {
    const { event } = found;
    const room = textOf(event, 'room_id') ?? found.statedRoom ?? createdRoom(event) ?? '';
    const content = objectOf(event, 'content') ?? EMPTY;
    const isEncrypted = textOf(event, 'type') === 'm.room.encrypted' && textOf(event, 'state_key') === null;
    const opened = isEncrypted ? this.#opener.open(content, room) : null;
    const checked = withoutRedaction(this.#check(found, room, opened?.state ?? 'plain'));
    const plain = plainEvent(event, content, opened);
    const facts = eventFacts(plain);
    const attachments = facts.files.map((file) => this.#attachment(file, found.locator, { out, account }));
    writeEvent(out, { found, ...checked, room, facts, type: plain.type, opened, attachments });
    this.#account(found, { ...checked, room, opened }, account);
    this.#remark(found, checked, out);
    const { megolm } = checked.checks;
    return !(LOST_TOGETHER.has(megolm) || megolm in LOST_ALONE);
  }

  #version(room: string): RoomVersion | null {
    let version = this.#versions.get(room);
    if (version === undefined) {
      const name = this.#terms.versionOf(room);
      version = name === null ? null : roomVersion(name);
      this.#versions.set(room, version);
    }
    return version;
  }

  #check({ event, statedId }: FoundEvent, room: string, megolm: MegolmState): Checked {
    const stated = statedId ?? textOf(event, 'event_id');
    // The format that clients get has neither: nothing can be recomputed from it.
    if (!Object.hasOwn(event, 'hashes') && !Object.hasOwn(event, 'prev_events')) {
      return { id: stated, checks: { megolm, id: 'absent', content: 'absent', signature: 'absent' } };
    }
    const version = this.#version(room) ?? this.#guess(event, room, stated);
    if (version === null) {
      return { id: stated, checks: { megolm, id: 'unknown-version', content: 'absent', signature: 'absent' } };
    }
    const { eventId, content, signature } = checkIntegrity(event, version, this.#terms.findServerKey);
    const state = eventId === null ? 'named' : stated === null ? 'computed' : stated === eventId ? 'equal' : 'differs';
    return { id: stated ?? eventId, checks: { megolm, id: state, content, signature } };
  }

  /** A version of which the stated id is the hash: no other gives it. */
  #guess(event: JsonObject, room: string, stated: string | null): RoomVersion | null {
    const tries = this.#guesses.get(room) ?? 0;
    if (stated === null || tries >= MOST_GUESSES || this.#terms.versionOf(room) !== null) return null;
    this.#guesses.set(room, tries + 1);
    for (const name of HASHED_VERSIONS) {
      const version = roomVersion(name);
      if (version === null || eventIdOf(event, version) !== stated) continue;
      this.#versions.set(room, version);
      return version;
    }
    return null;
  }

  #attachment(
    named: NamedFile,
    event: Locator,
    { out, account }: { readonly out: BatchWriter; readonly account: UnitAccounting },
  ): Attachment & { readonly locator: Locator | null } {
    const { name, mime, size, url, file } = named;
    const [, server, mediaId] = /^mxc:\/\/([^/]+)\/([A-Za-z0-9_-]+)$/.exec(url) ?? [];
    const medium = server === undefined || mediaId === undefined ? null : this.#terms.findMedia(server, mediaId);
    if (medium === null) {
      account.media.absent++;
      return { name, mime, size, sha256: null, present: false, locator: null };
    }
    account.media.used.push(shortHash(medium.path));
    const locator = { path: medium.path, offset: 0, length: medium.source.length, row: null };
    const sealed = file === null ? null : readEncryptedFile(file);
    const sha256 =
      file === null
        ? hashOf(medium.source).toString('hex')
        : sealed === null
          ? null
          : openAttachment(sealed, medium.source);
    if (sha256 !== null) return { name, mime, size: medium.source.length, sha256, present: true, locator };
    const detail =
      'The file that an event names is not the one it was sent with: its SHA-256 is another. It was not decrypted.';
    out.finding(finding('UNIT_UNVERIFIED', locator, { records: 1, detail, related: [event] }));
    return { name, mime, size, sha256: null, present: false, locator };
  }

  #account(
    found: FoundEvent,
    { id, room, opened }: { readonly id: string | null; readonly room: string; readonly opened: OpenedEvent | null },
    account: UnitAccounting,
  ): void {
    const { event, locator } = found;
    const row = locator.row ?? 0;
    const parents = found.isOutlier ? [] : listOf(event, 'prev_events').flatMap(parentId);
    if (id !== null) account.event(id, row, { room, depth: integerOf(event, 'depth'), parents });
    if (opened?.sessionId == null || opened.state === 'malformed' || opened.index === null) return;
    const keyFrom = opened.session?.index ?? null;
    const message = { room, sender: textOf(event, 'sender') ?? '', outcome: opened.state, keyFrom, row };
    const { seen } = account.session(opened.sessionId, message);
    // A number that nothing vouches for is not counted: a flipped bit would make a gap of it.
    if (opened.state === 'signature-failed') return;
    seen.push(opened.index, row, shortHash(id ?? `row ${row}`), shortHash(opened.ciphertext ?? ''));
  }

  #remark({ locator }: FoundEvent, { checks }: { readonly checks: Checks }, out: BatchWriter): void {
    const lost = LOST_ALONE[checks.megolm];
    if (lost !== undefined) {
      const [code, why] = lost;
      out.finding(finding(code, locator, { records: 1, detail: `The event is there, but ${why}.` }));
    }
    const wrong: string[] = [];
    if (checks.id === 'differs') wrong.push('its id is not the hash of the event as it stands');
    if (checks.content === 'differs') wrong.push('its content hash is not that of its content');
    if (checks.signature === 'failed') wrong.push("the signature of the sender's server does not verify");
    if (wrong.length === 0) return;
    const detail = `The event was changed, or is damaged, in this capture or before: ${wrong.join('; ')}.`;
    out.finding(finding('UNIT_UNVERIFIED', locator, { records: 1, detail }));
  }
}

/** What has lost its ciphertext, but not by a redaction, is damaged. */
function withoutRedaction(checked: Checked): Checked {
  const { megolm, content } = checked.checks;
  if (megolm !== 'redacted' || content === 'redacted' || content === 'absent') return checked;
  return { ...checked, checks: { ...checked.checks, megolm: 'malformed' } };
}

/** Version 12: the create event names no room; its hash does. */
function createdRoom(event: JsonObject): string | null {
  const name = textOf(event, 'type') === 'm.room.create' ? textOf(objectOf(event, 'content'), 'room_version') : null;
  const version = name === null ? null : roomVersion(name);
  return version?.hashedRoomId === true ? `!${eventIdOf(event, version).slice(1)}` : null;
}

/** From version 3 on an id, before it a pair of id and hash. */
function parentId(parent: Json): string[] {
  const id = Array.isArray(parent) ? parent[0] : parent;
  return typeof id === 'string' ? [id] : [];
}

function plainEvent(event: JsonObject, content: JsonObject, opened: OpenedEvent | null): PlainEvent {
  const relation = objectOf(content, 'm.relates_to');
  const around = { stateKey: textOf(event, 'state_key'), redacts: textOf(event, 'redacts') };
  if (opened === null) return { type: textOf(event, 'type') ?? '', content, relation, ...around };
  if (opened.plain === null) return { type: 'm.room.encrypted', content: EMPTY, relation, ...around };
  const inner = objectOf(opened.plain.content, 'm.relates_to');
  return { ...opened.plain, relation: relation ?? inner, ...around };
}
