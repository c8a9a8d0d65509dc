import { compareBytes } from '@custody/bytes';
import { integerOf, type JsonObject, listOf, objectOf, textOf } from './json-value.ts';
import { looseBase64 } from './loose-base64.ts';
import { RATCHET_LENGTH } from './megolm-ratchet.ts';
import { readSessionKey, type SessionKey } from './megolm-session.ts';

/** Where a session key came from: an export, a server-side backup, a list in clear. */
export type SessionSource = 'export' | 'backup' | 'list';
const SOURCES: readonly SessionSource[] = ['export', 'backup', 'list'];

/** Bytes of a session in the store: public key, index, ratchet, claimed Curve25519 and Ed25519 keys, source and flags. */
export const RECORD_LENGTH = 240;
const INDEX = 32;
const RATCHET = 36;
const SENDER_KEY = 164;
const CLAIMED = 196;
const SOURCE = 228;
const FLAGS = 229;
const SIGNED = 1;
const FORWARDED = 2;

/** A session as it was supplied. What it says about its sender is a claim: nothing in an export or backup proves it. */
export interface StoredSession extends SessionKey {
  readonly source: SessionSource;
  /** Curve25519 key of the device that is said to have made it; zeros where not stated. */
  readonly senderKey: Uint8Array;
  readonly claimedEd25519: Uint8Array;
  /** Somebody other than its maker passed it on. */
  readonly forwarded: boolean;
}

/** Why a session of a list is not used. */
export type SessionProblem = 'algorithm' | 'key' | 'id';

/** One session of an export or backup as a record; its id must be that of the key it comes with. */
export function packSession(
  session: JsonObject,
  sessionId: string | null,
  source: SessionSource,
): Uint8Array | SessionProblem {
  const algorithm = textOf(session, 'algorithm');
  if (algorithm !== null && algorithm !== 'm.megolm.v1.aes-sha2') return 'algorithm';
  const bytes = looseBase64(textOf(session, 'session_key'));
  const key = bytes === null ? null : readSessionKey(bytes);
  if (key === null) return 'key';
  const stated = looseBase64(textOf(session, 'session_id') ?? sessionId);
  if (stated !== null && compareBytes(stated, key.publicKey) !== 0) return 'id';
  const record = new Uint8Array(RECORD_LENGTH);
  record.set(key.publicKey);
  new DataView(record.buffer).setUint32(INDEX, key.index);
  record.set(key.ratchet, RATCHET);
  setKey(record, SENDER_KEY, textOf(session, 'sender_key'));
  setKey(record, CLAIMED, textOf(objectOf(session, 'sender_claimed_keys'), 'ed25519'));
  record[SOURCE] = SOURCES.indexOf(source);
  const forwarded =
    listOf(session, 'forwarding_curve25519_key_chain').length > 0 || (integerOf(session, 'forwarded_count') ?? 0) > 0;
  record[FLAGS] = (key.signed ? SIGNED : 0) | (forwarded ? FORWARDED : 0);
  return record;
}

function setKey(record: Uint8Array, at: number, text: string | null): void {
  const bytes = looseBase64(text);
  if (bytes?.length === 32) record.set(bytes, at);
}

/** The session in a record, as views. */
export function unpackSession(record: Uint8Array): StoredSession {
  const flags = record[FLAGS] as number;
  return {
    publicKey: record.subarray(0, INDEX),
    index: new DataView(record.buffer, record.byteOffset).getUint32(INDEX),
    ratchet: record.subarray(RATCHET, RATCHET + RATCHET_LENGTH),
    senderKey: record.subarray(SENDER_KEY, CLAIMED),
    claimedEd25519: record.subarray(CLAIMED, SOURCE),
    source: SOURCES[record[SOURCE] as number] ?? 'list',
    signed: (flags & SIGNED) !== 0,
    forwarded: (flags & FORWARDED) !== 0,
  };
}

/** Order in the store: by public key, then the earliest index, which opens most. */
export function compareRecords(a: Uint8Array, b: Uint8Array): number {
  return compareBytes(a.subarray(0, RATCHET), b.subarray(0, RATCHET));
}
