/**
 * Signed notes (C2SP signed-note): a text, an empty line, and signature lines
 * `U+2014 SPACE name SPACE base64(id (4) || signature)`.
 *
 * Strict where the standard is: what is not exactly of this form is no note. Lines by keys nobody configured are left
 * aside; a line that names a configured key and does not verify rejects the whole note.
 */
import { base64Decode, base64Encode, concatBytes, utf8Decode, utf8Encode } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { formatError, integrityError, usageError } from './errors.ts';
import { isSignedBy, SIGNATURE_LENGTH, type Signer, type VerifySignature } from './signature-ports.ts';
import { COSIGNATURE_TYPE, isKeyName, sameKeyId, type VerifierKey, verifierKey } from './verifier-key.ts';

const DASH = '\u2014';
/** The standard asks for at least 16 and lets a reader stop; golang's reader stops at 100. */
const SIGNATURES_MAX = 100;
/** A checkpoint takes some 300 bytes; nothing that we read as a note comes near this. */
const NOTE_MAX = 1 << 20;

export interface NoteSignature {
  readonly name: string;
  /** Four bytes. */
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends in a newline; this is what was signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifiedNote extends Note {
  /** The configured keys that signed, each once, in the order of their lines. */
  readonly signers: readonly VerifiedSigner[];
}

export interface VerifiedSigner {
  readonly key: VerifierKey;
  /** Of a cosignature (type 0x04): when the witness says it saw the checkpoint, in seconds since 1970. */
  readonly time?: number;
}

/** Reads a note's form, without checking a signature. Throws NOTE_MALFORMED. */
export function readNote(note: string | Uint8Array): Note {
  const whole = noteText(note);
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no empty line stands before the signatures');
  const text = whole.slice(0, split + 1);
  const block = whole.slice(split + 2);
  if (text === '\n') throw malformed('it has no text');
  if (block === '') throw malformed('it has no signature');
  if (!block.endsWith('\n')) throw malformed('its last line does not end');
  const lines = block.slice(0, -1).split('\n', SIGNATURES_MAX + 1);
  if (lines.length > SIGNATURES_MAX) throw malformed(`it has more than ${SIGNATURES_MAX} signatures`);
  return { text, signatures: lines.map(readSignatureLine) };
}

/** The note with all its signatures, from a text that ends in a newline. */
export function encodeNote({ text, signatures }: Note): string {
  requireText(text);
  return `${text}\n${signatures.map(encodeSignatureLine).join('')}`;
}

/** One signature line, with its newline. */
export function encodeSignatureLine({ name, id, signature }: NoteSignature): string {
  return `${DASH} ${name} ${base64Encode(concatBytes([id, signature]))}\n`;
}

/** A note of `text` signed with Ed25519 under `name`. Throws a UsageError for a text no note can have. */
export function signNote(text: string, name: string, signer: Signer): string {
  requireText(text);
  const { id } = verifierKey(name, signer.publicKey);
  return encodeNote({ text, signatures: [{ name, id, signature: signer.sign(utf8Encode(text)) }] });
}

/**
 * Reads a note and checks every line by one of `keys`. Throws NOTE_MALFORMED; NOTE_SIGNATURE_INVALID where a line by a
 * configured key does not verify; NOTE_UNVERIFIED where no configured key signed; VERIFIER_KEYS_COLLIDE where two
 * configured keys share name and id, since a line could then not say whose it is.
 */
export function verifyNote(
  note: string | Uint8Array,
  keys: readonly VerifierKey[],
  verify: VerifySignature,
): VerifiedNote {
  requireDistinct(keys);
  const read = readNote(note);
  const message = utf8Encode(read.text);
  const signers: VerifiedSigner[] = [];
  for (const line of read.signatures) {
    const key = keys.find((k) => sameKeyId(k, line.name, line.id));
    if (key === undefined) continue;
    const signer = verifyLine(line, key, { text: read.text, message, verify });
    if (!signers.some((s) => s.key === key)) signers.push(signer);
  }
  if (signers.length === 0) {
    throw integrityError('NOTE_UNVERIFIED', 'none of the keys given signed this note', {
      keys: keys.map((k) => k.name),
    });
  }
  return { ...read, signers };
}

function verifyLine(
  line: NoteSignature,
  key: VerifierKey,
  note: { readonly text: string; readonly message: Uint8Array; readonly verify: VerifySignature },
): VerifiedSigner {
  const isCosignature = key.type === COSIGNATURE_TYPE;
  const length = isCosignature ? SIGNATURE_LENGTH + 8 : SIGNATURE_LENGTH;
  if (line.signature.length !== length) throw badSignature(key);
  if (!isCosignature) {
    const signed = { message: note.message, signature: line.signature };
    if (!isSignedBy(key.publicKey, signed, note.verify)) throw badSignature(key);
    return { key };
  }
  // C2SP tlog-cosignature: u64 time, then Ed25519 over "cosignature/v1\ntime N\n" and the note's text.
  const { buffer, byteOffset } = line.signature;
  const time = new DataView(buffer, byteOffset, 8).getBigUint64(0);
  const message = utf8Encode(`cosignature/v1\ntime ${time}\n${note.text}`);
  // tlog-cosignature: a time is below 2^63.
  if (time >= 1n << 63n) throw badSignature(key);
  if (!isSignedBy(key.publicKey, { message, signature: line.signature.subarray(8) }, note.verify))
    throw badSignature(key);
  return { key, time: Number(time) };
}

function readSignatureLine(line: string): NoteSignature {
  const parts = line.split(' ', 4);
  const [dash, name, encoded] = parts;
  if (parts.length !== 3 || dash !== DASH || name === undefined || encoded === undefined) {
    throw malformed('a signature line has not the form "\u2014 name signature"');
  }
  if (!isKeyName(name)) throw malformed('a signature line has no proper key name');
  const bytes = signatureBytes(encoded);
  if (bytes.length < 5) throw malformed('a signature is too short');
  return { name, id: copyBytes(bytes, 0, 4), signature: copyBytes(bytes, 4) };
}

function signatureBytes(encoded: string): Uint8Array {
  try {
    return base64Decode(encoded);
  } catch {
    throw malformed('a signature is not base64');
  }
}

function noteText(note: string | Uint8Array): string {
  if (note.length > NOTE_MAX) throw malformed(`it is longer than ${NOTE_MAX} bytes`);
  const text = typeof note === 'string' ? note : decodeUtf8(note);
  if (!isNoteText(text)) throw malformed('it has control characters or broken Unicode');
  return text;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8Decode(bytes);
  } catch {
    throw malformed('it is not UTF-8');
  }
}

/** Well-formed Unicode without ASCII control characters other than newline (C2SP signed-note). */
export function isNoteText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}

function requireText(text: string): void {
  if (!text.endsWith('\n') || text === '\n' || !isNoteText(text))
    throw usageError('the text of a note ends in a newline and has no control characters');
}

function requireDistinct(keys: readonly VerifierKey[]): void {
  for (const [i, key] of keys.entries()) {
    const twin = keys.findIndex((k) => sameKeyId(k, key.name, key.id));
    if (twin !== i)
      throw usageError(
        `two verifier keys are named ${key.name} with the same id: give each key once`,
        'VERIFIER_KEYS_COLLIDE',
      );
  }
}

function badSignature(key: VerifierKey): Error {
  return integrityError(
    'NOTE_SIGNATURE_INVALID',
    `the signature by ${key.name} does not fit the text: one of the two was altered`,
    {
      name: key.name,
    },
  );
}

function malformed(why: string): Error {
  return formatError('NOTE_MALFORMED', `this is not a signed note: ${why}`);
}
