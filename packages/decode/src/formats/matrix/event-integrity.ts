import type { KeyObject } from 'node:crypto';
import { equalBytes, sha256, utf8Encode } from '@custody/bytes';
import { canonicalJson } from './canonical-json.ts';
import { ed25519Verifies } from './ed25519.ts';
import { integerOf, isObject, type JsonObject, objectOf, textOf } from './json-value.ts';
import type { KeyVerifier } from './key-verifier.ts';
import { looseBase64, unpadded } from './loose-base64.ts';
import { redactEvent } from './redact-event.ts';
import type { RoomVersion } from './room-version.ts';

/** What a server's key says of itself: after `validUntil` it vouches for nothing (room version 5 and later). */
export interface ServerKey {
  readonly key: KeyVerifier;
  /** Milliseconds since 1970; null: not limited. */
  readonly validUntil: number | null;
}

/** A server's key by server name and key id; null where nobody supplied it. */
export type FindServerKey = (server: string, keyId: string) => ServerKey | null;

export interface Integrity {
  /** The id that the event's bytes give; null where ids are names (v1, v2). */
  readonly eventId: string | null;
  /** `redacted`: the hash is another, and nothing is left that redaction would take. */
  readonly content: 'equal' | 'redacted' | 'differs' | 'absent';
  readonly signature: 'verified' | 'failed' | 'expired' | 'no-key' | 'absent';
}

const UNHASHED_CONTENT: ReadonlySet<string> = new Set(['unsigned', 'signatures', 'hashes']);
const UNSIGNED: ReadonlySet<string> = new Set(['unsigned', 'signatures', 'age_ts']);
const UNSIGNED_UNNAMED: ReadonlySet<string> = new Set([...UNSIGNED, 'event_id']);
/** From this version on the validity of a server's key counts ("Signing key validity period"). */
const KEY_VALIDITY_FROM = 5;

/** Recomputes what an event's own bytes show, under the rules of its room's version. */
export function checkIntegrity(event: JsonObject, version: RoomVersion, findKey: FindServerKey): Integrity {
  const redacted = redactEvent(event, version);
  const covered = coveredBytes(redacted, version);
  return {
    eventId: version.eventIds === 'named' ? null : idOf(covered, version),
    content: contentState(event, redacted),
    signature: signatureState(event, covered, { version, findKey }),
  };
}

/** `hashes.sha256` of an event: over all but `unsigned`, `signatures` and `hashes`. */
export function contentHash(event: JsonObject): Uint8Array {
  return sha256(utf8Encode(canonicalJson(event, UNHASHED_CONTENT)));
}

/** The id of an event in rooms of version 3 and later. */
export function eventIdOf(event: JsonObject, version: RoomVersion): string {
  return idOf(coveredBytes(redactEvent(event, version), version), version);
}

/** What signatures, and from version 3 on ids, are made over; there an event_id inside is the server's addition. */
function coveredBytes(redacted: JsonObject, { eventIds }: RoomVersion): Uint8Array {
  return utf8Encode(canonicalJson(redacted, eventIds === 'named' ? UNSIGNED : UNSIGNED_UNNAMED));
}

function idOf(covered: Uint8Array, { eventIds }: RoomVersion): string {
  const hash = unpadded(sha256(covered));
  return `$${eventIds === 'base64url' ? hash.replaceAll('+', '-').replaceAll('/', '_') : hash}`;
}

function contentState(event: JsonObject, redacted: JsonObject): Integrity['content'] {
  const stated = looseBase64(textOf(objectOf(event, 'hashes'), 'sha256'));
  if (stated === null) return 'absent';
  if (equalBytes(contentHash(event), stated)) return 'equal';
  const rest = canonicalJson(event, UNSIGNED);
  return rest === canonicalJson(redacted, UNSIGNED) ? 'redacted' : 'differs';
}

interface Terms {
  readonly version: RoomVersion;
  readonly findKey: FindServerKey;
}

function signatureState(event: JsonObject, covered: Uint8Array, { version, findKey }: Terms): Integrity['signature'] {
  const server = serverOf(textOf(event, 'sender'));
  const signatures = objectOf(objectOf(event, 'signatures'), server);
  if (signatures === null) return 'absent';
  const ids = Object.keys(signatures).filter((id) => id.startsWith('ed25519:'));
  if (ids.length === 0) return 'absent';
  let state: Integrity['signature'] = 'no-key';
  // Servers sign with one key, two while they change it.
  for (const id of ids.slice(0, 4)) {
    const known = findKey(server, id);
    const signature = looseBase64(textOf(signatures, id));
    if (known === null) continue;
    if (signature === null || !known.key.verifies(covered, signature)) state = 'failed';
    else if (isExpired(event, version, known)) state = 'expired';
    else return 'verified';
  }
  return state;
}

function isExpired(event: JsonObject, version: RoomVersion, { validUntil }: ServerKey): boolean {
  const at = integerOf(event, 'origin_server_ts');
  return Number(version.name) >= KEY_VALIDITY_FROM && validUntil !== null && at !== null && at > validUntil;
}

/** The server of `@user:server`, everything after the first colon; empty where there is none. */
export function serverOf(userId: string | null): string {
  const colon = userId?.indexOf(':') ?? -1;
  return userId === null || colon < 0 ? '' : userId.slice(colon + 1);
}

/** Verifies a signed JSON object (Matrix specification, appendices, "Checking for a signature"). */
export function verifySignedJson(object: JsonObject, key: KeyObject, signature: string): boolean {
  const bytes = looseBase64(signature);
  if (bytes === null || !isObject(object)) return false;
  return ed25519Verifies(key, utf8Encode(canonicalJson(object, UNSIGNED)), bytes);
}
