import type { Authentication } from '@custody/evidence';
import type { Integrity } from './event-integrity.ts';

/** What became of an encrypted event; `plain` for one that is not encrypted. */
export type MegolmState =
  | 'plain'
  | 'opened'
  | 'redacted'
  | 'key-missing'
  | 'key-begins-later'
  | 'signature-failed'
  | 'mac-failed'
  | 'padding-failed'
  | 'room-differs'
  | 'malformed'
  | 'other-algorithm';

export type IdState = 'equal' | 'differs' | 'named' | 'computed' | 'unknown-version' | 'absent';

/** What was checked about one event. */
export interface Checks {
  readonly megolm: MegolmState;
  readonly id: IdState;
  readonly content: Integrity['content'];
  readonly signature: Integrity['signature'];
}

const MEGOLM = 'Megolm: Ed25519 signature and HMAC-SHA256 cut to 64 bits';
const OPENED =
  'Ciphertext and message number were signed with the private key of this Megolm session. The supplied key holds only ' +
  'the public half of it, so nobody could have made or changed the message by means of that key. Whose session it is rests on ' +
  'device keys that an export or a backup claims and does not prove.';
const NOT_OPENED: Readonly<Record<Exclude<MegolmState, 'plain' | 'opened'>, string>> = {
  redacted: 'The event was redacted: its ciphertext is gone from this capture.',
  'key-missing': 'No key of this Megolm session was supplied: the content was not read.',
  'key-begins-later':
    'The supplied key of this Megolm session begins after this message: the content cannot be read with it.',
  'signature-failed':
    'The Ed25519 signature of the Megolm message does not verify: it was changed after it was made. It was not decrypted.',
  'mac-failed':
    'The signature of the message verifies under the session, its MAC does not under the supplied key: the key is not the one it was made with. It was not decrypted.',
  'padding-failed': 'Signature and MAC verify, but the plaintext has no valid padding: the content was not used.',
  'room-differs':
    'The message decrypts, but says that it belongs to another room: it was put here by somebody else than its sender. The content was not used.',
  malformed: 'The content is no Megolm message that can be read.',
  'other-algorithm': 'The content is encrypted by another algorithm than Megolm: it was not read.',
};
const ID: Readonly<Record<IdState, string>> = {
  equal:
    'The event id is the SHA-256 of the event as redaction leaves it: those members are the ones the id was made from.',
  differs: 'The event id is not the hash of the event as it stands: the event, or its id, was changed.',
  named: 'In this version of rooms an event id is a name and shows nothing.',
  computed: 'The capture does not state the event id; it was computed from the event.',
  'unknown-version': 'The version of the room is not known, so the event id could not be checked.',
  absent: 'The event stands in the format that clients get, without hashes: nothing about it can be recomputed.',
};
const CONTENT: Readonly<Record<Integrity['content'], string>> = {
  equal: 'The content hash is that of the content.',
  redacted:
    'The content hash is another, as after a redaction: what redaction keeps is still covered by the id, what it removes is gone.',
  differs: 'The content hash is not that of the content: it was changed after the event was made.',
  absent: '',
};
const SIGNATURE: Readonly<Record<Integrity['signature'], string>> = {
  verified:
    "The sender's server signed the event: its signature verifies under the key that the capture, or the lab, names for that server. It shows which server vouched, not which person wrote.",
  failed: "The signature of the sender's server does not verify under the key named for that server.",
  expired: "The signature of the sender's server verifies under a key whose validity had ended.",
  'no-key': "No key of the sender's server is at hand: its signature was not checked.",
  absent: '',
};

const known = new Map<string, Authentication>();

/** The statement about an event; the same object for the same checks. */
export function statementOf(checks: Checks): Authentication {
  const key = `${checks.megolm} ${checks.id} ${checks.content} ${checks.signature}`;
  let statement = known.get(key);
  if (statement === undefined) {
    statement = { mechanism: mechanismOf(checks), result: resultOf(checks), proves: sentencesOf(checks) };
    known.set(key, statement);
  }
  return statement;
}

function mechanismOf({ megolm, id, signature }: Checks): string {
  const parts: string[] = [];
  if (megolm !== 'plain' && megolm !== 'redacted' && megolm !== 'other-algorithm') parts.push(MEGOLM);
  if (id === 'equal' || id === 'differs') parts.push('event id recomputed (SHA-256)');
  if (signature !== 'absent' && signature !== 'no-key') parts.push("Ed25519 signature of the sender's server");
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function resultOf({ megolm, id, content, signature }: Checks): Authentication['result'] {
  if (megolm.endsWith('-failed') || megolm === 'room-differs') return 'failed';
  if (id === 'differs' || content === 'differs' || signature === 'failed') return 'failed';
  if (megolm === 'opened') return 'verified';
  if (megolm !== 'plain' && megolm !== 'redacted') return 'not-verified';
  if (signature === 'verified' || id === 'equal') return 'verified';
  return id === 'absent' ? 'none' : 'not-verified';
}

function sentencesOf({ megolm, id, content, signature }: Checks): string {
  const first = megolm === 'plain' ? '' : megolm === 'opened' ? OPENED : NOT_OPENED[megolm];
  return [first, ID[id], CONTENT[content], SIGNATURE[signature]].filter((sentence) => sentence !== '').join(' ');
}

/** For the table of formats. */
export const AUTHENTICATION: string = `${OPENED} ${ID.equal} ${SIGNATURE.verified} The MAC of a key backup covers nothing: it shows that the key is right, not that the session is the one stored.`;
