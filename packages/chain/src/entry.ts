/**
 * One custody event (SPEC.md section 4):
 *
 *     body  = "custody/entry/v1\n" || kind u8 || previous (32) || time u64 || actor (32) || fields u16 || fields root (32)
 *             || clear u16 || clear bytes
 *     entry = body || Ed25519(actor, "custody/entry-sig/v1\n" || origin || "\n" || body)
 */
import { concatBytes, equalBytes, hexEncode, utf8Encode } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { formatError, integrityError, usageError } from './errors.ts';
import { ENTRY_FIELD_COUNT, ENTRY_KINDS, type EntryKind, entryKindName } from './kinds.ts';
import { SEGMENT_CLEAR_LENGTH } from './segment-clear.ts';
import {
  isSignedBy,
  PUBLIC_KEY_LENGTH,
  SIGNATURE_LENGTH,
  type Signer,
  type VerifySignature,
} from './signature-ports.ts';
import { HASH_LENGTH, leafHash } from './tree.ts';
import { isWeakPublicKey } from './weak-public-key.ts';

const ENTRY_LABEL = utf8Encode('custody/entry/v1\n');
const SIGNATURE_LABEL = 'custody/entry-sig/v1\n';
const KIND_AT = ENTRY_LABEL.length;
const PREVIOUS_AT = KIND_AT + 1;
const TIME_AT = PREVIOUS_AT + HASH_LENGTH;
const ACTOR_AT = TIME_AT + 8;
const FIELDS_AT = ACTOR_AT + PUBLIC_KEY_LENGTH;
const ROOT_AT = FIELDS_AT + 2;
const CLEAR_AT = ROOT_AT + HASH_LENGTH + 2;

/** Length of an entry without clear bytes; a `segment` entry has 60 more. */
export const ENTRY_LENGTH_MIN: number = CLEAR_AT + SIGNATURE_LENGTH;
/** C2SP tlog-tiles gives an entry's length 16 bits. */
export const ENTRY_LENGTH_MAX = 0xffff;
/** Last millisecond that a JavaScript Date can hold. */
const TIME_MAX = 8_640_000_000_000_000;

/** `previous` of the first entry. */
export const NO_PREVIOUS: Uint8Array = new Uint8Array(HASH_LENGTH);

export interface EntryBody {
  readonly kind: EntryKind;
  /** Log leaf hash of the entry before; `NO_PREVIOUS` for the first. */
  readonly previous: Uint8Array;
  /** Milliseconds since 1970 UTC as the writer's clock showed: a claim. */
  readonly time: number;
  /** Ed25519 public key of who acted, 32 bytes. */
  readonly actor: Uint8Array;
  /** 32 bytes; entries always have six fields. */
  readonly fieldsRoot: Uint8Array;
  /** Empty but for `segment` entries (`encodeSegmentClear`). */
  readonly clear: Uint8Array;
}

export interface Entry extends EntryBody {
  /** What was signed, without label and origin. */
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  /** The whole entry as it stands in the log. */
  readonly bytes: Uint8Array;
}

/** The body's bytes. Throws a UsageError where a part has not the length it must have. */
export function encodeEntry(entry: EntryBody): Uint8Array {
  requireLength(entry.previous, HASH_LENGTH, 'previous');
  requireLength(entry.actor, PUBLIC_KEY_LENGTH, 'actor');
  requireLength(entry.fieldsRoot, HASH_LENGTH, 'fields root');
  requireLength(entry.clear, clearLength(entry.kind), 'clear bytes');
  if (!Number.isInteger(entry.time) || entry.time < 0 || entry.time > TIME_MAX)
    throw usageError(`${entry.time} is no time`);
  const body = new Uint8Array(CLEAR_AT + entry.clear.length);
  const view = new DataView(body.buffer);
  body.set(ENTRY_LABEL);
  body[KIND_AT] = ENTRY_KINDS[entry.kind];
  body.set(entry.previous, PREVIOUS_AT);
  view.setBigUint64(TIME_AT, BigInt(entry.time));
  body.set(entry.actor, ACTOR_AT);
  view.setUint16(FIELDS_AT, ENTRY_FIELD_COUNT);
  body.set(entry.fieldsRoot, ROOT_AT);
  view.setUint16(CLEAR_AT - 2, entry.clear.length);
  body.set(entry.clear, CLEAR_AT);
  return body;
}

/** The entry's bytes: the body with the actor's signature for the log named `origin`. The signer must be the actor. */
export function signEntry(entry: EntryBody, origin: string, signer: Signer): Uint8Array {
  if (!equalBytes(signer.publicKey, entry.actor))
    throw usageError('an entry is signed by its actor, and this is another key');
  const body = encodeEntry(entry);
  return concatBytes([body, signer.sign(signedBytes(origin, body))]);
}

/** An entry from untrusted bytes, each of which is accounted for; the signature is not checked. Throws ENTRY_MALFORMED. */
export function readEntry(bytes: Uint8Array): Entry {
  if (bytes.length < ENTRY_LENGTH_MIN) throw malformed(`it has ${bytes.length} bytes, fewer than ${ENTRY_LENGTH_MIN}`);
  if (bytes.length > ENTRY_LENGTH_MAX) throw malformed(`it has ${bytes.length} bytes, more than ${ENTRY_LENGTH_MAX}`);
  if (!equalBytes(bytes.subarray(0, KIND_AT), ENTRY_LABEL)) throw malformed('it does not begin with custody/entry/v1');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = entryKindName(bytes[KIND_AT] as number);
  if (kind === null) throw malformed(`version 1 has no entry kind ${bytes[KIND_AT]}`);
  if (view.getUint16(FIELDS_AT) !== ENTRY_FIELD_COUNT)
    throw malformed(`it has ${view.getUint16(FIELDS_AT)} fields, not 6`);
  const time = view.getBigUint64(TIME_AT);
  if (time > BigInt(TIME_MAX)) throw malformed('its time is beyond the calendar');
  const clearEnd = CLEAR_AT + clearLength(kind);
  if (view.getUint16(CLEAR_AT - 2) !== clearEnd - CLEAR_AT)
    throw malformed(`a ${kind} entry has ${clearEnd - CLEAR_AT} clear bytes`);
  if (bytes.length !== clearEnd + SIGNATURE_LENGTH) throw malformed('its length is not what it declares');
  return {
    kind,
    previous: copyBytes(bytes, PREVIOUS_AT, TIME_AT),
    time: Number(time),
    actor: copyBytes(bytes, ACTOR_AT, FIELDS_AT),
    fieldsRoot: copyBytes(bytes, ROOT_AT, CLEAR_AT - 2),
    clear: copyBytes(bytes, CLEAR_AT, clearEnd),
    body: copyBytes(bytes, 0, clearEnd),
    signature: copyBytes(bytes, clearEnd),
    bytes: copyBytes(bytes),
  };
}

/**
 * Throws ENTRY_ORDER_BROKEN unless the entry follows the one whose log leaf hash is `previous`, and
 * ENTRY_SIGNATURE_INVALID unless its actor signed it for this log.
 */
export function verifyEntry(
  entry: Entry,
  expected: { readonly origin: string; readonly previous: Uint8Array; readonly verify: VerifySignature },
): void {
  if (!equalBytes(entry.previous, expected.previous)) {
    throw integrityError(
      'ENTRY_ORDER_BROKEN',
      `the ${entry.kind} entry does not follow the entry before it: one was removed, inserted, exchanged or altered`,
      { stated: hexEncode(entry.previous), found: hexEncode(expected.previous) },
    );
  }
  verifyEntrySignature(entry, expected.origin, expected.verify);
}

/**
 * Throws ENTRY_SIGNATURE_INVALID unless the entry's actor signed it for the log named `origin`. A weak public key signs
 * nothing: there are signatures under it that fit any message.
 */
export function verifyEntrySignature(entry: Entry, origin: string, verify: VerifySignature): void {
  const signed = { message: signedBytes(origin, entry.body), signature: entry.signature };
  if (!isWeakPublicKey(entry.actor) && isSignedBy(entry.actor, signed, verify)) return;
  throw integrityError(
    'ENTRY_SIGNATURE_INVALID',
    `the signature on the ${entry.kind} entry is not by the person it names, or the entry was altered since`,
    { actor: hexEncode(entry.actor), origin },
  );
}

/** The entry's leaf hash in the log, which the next entry names as `previous`. */
export function entryLeafHash(bytes: Uint8Array): Uint8Array {
  return leafHash(bytes);
}

function signedBytes(origin: string, body: Uint8Array): Uint8Array {
  return concatBytes([utf8Encode(`${SIGNATURE_LABEL}${origin}\n`), body]);
}

function clearLength(kind: EntryKind): number {
  return kind === 'segment' ? SEGMENT_CLEAR_LENGTH : 0;
}

function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw usageError(`${what} of an entry: ${length} bytes expected, not ${bytes.length}`);
}

function malformed(why: string): Error {
  return formatError('ENTRY_MALFORMED', `an entry of the log is malformed: ${why}`);
}
