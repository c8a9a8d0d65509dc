/**
 * One field of a leaf or an entry as the bytes that are hashed (SPEC.md section 2):
 *
 *     opening = 0x02 || number u8 || length u32 || salt (16) || value       absent: length 0xFFFFFFFF, no value
 *     piece   = 0x05 || number u8 || length u32 || salt (16) || value
 */
import { sha256 } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { formatError, usageError } from './errors.ts';
import { HASH_LENGTH } from './tree.ts';

export const OPENING_PREFIX = 0x02;
export const ROOT_PREFIX = 0x03;
export const PIECES_PREFIX = 0x04;
export const PIECE_PREFIX = 0x05;
export const SALT_LENGTH = 16;
/** Prefix, number, length and salt. */
export const OPENING_OVERHEAD = 22;
export const ABSENT_LENGTH = 0xffffffff;

/** A field in one piece with what hides it. `value` null: the field is absent, which is not the same as empty. */
export interface Opening {
  readonly number: number;
  readonly salt: Uint8Array;
  readonly value: Uint8Array | null;
}

/** One piece of a field in several pieces. */
export interface PieceOpening {
  readonly number: number;
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

/** The bytes of an opening. Throws a UsageError for a number outside 1..255 or a salt that is not 16 bytes. */
export function encodeOpening(opening: Opening): Uint8Array {
  return encode(OPENING_PREFIX, opening);
}

/** The bytes of one piece. */
export function encodePiece(piece: PieceOpening): Uint8Array {
  return encode(PIECE_PREFIX, piece);
}

/** An opening from its bytes; every byte must be accounted for. Throws OPENING_MALFORMED. */
export function readOpening(bytes: Uint8Array): Opening {
  return read(OPENING_PREFIX, bytes);
}

/** A piece from its bytes. A piece is never absent. Throws OPENING_MALFORMED. */
export function readPiece(bytes: Uint8Array): PieceOpening {
  const { number, salt, value } = read(PIECE_PREFIX, bytes);
  if (value === null) throw malformed('a piece cannot be absent');
  return { number, salt, value };
}

/** Digest of a field in one piece. */
export function fieldDigest(opening: Opening): Uint8Array {
  return sha256(encodeOpening(opening));
}

/** Digest of one piece. */
export function pieceDigest(piece: PieceOpening): Uint8Array {
  return sha256(encodePiece(piece));
}

/** Digest of a field in pieces from the digests of its pieces, laid end to end: `H(0x04 || number || pieces u32 || ..)`. */
export function piecesDigest(number: number, digests: Uint8Array): Uint8Array {
  const pieces = hashCount(digests);
  requireNumber(number);
  const input = new Uint8Array(6 + digests.length);
  input[0] = PIECES_PREFIX;
  input[1] = number;
  new DataView(input.buffer).setUint32(2, pieces);
  input.set(digests, 6);
  return sha256(input);
}

/** Fields root over the field digests 1..n laid end to end: `H(0x03 || n u16 || ..)`. */
export function fieldsRoot(digests: Uint8Array): Uint8Array {
  const fields = hashCount(digests);
  if (fields > 0xffff) throw usageError(`a leaf has at most 65535 fields, not ${fields}`);
  const input = new Uint8Array(3 + digests.length);
  input[0] = ROOT_PREFIX;
  new DataView(input.buffer).setUint16(1, fields);
  input.set(digests, 3);
  return sha256(input);
}

function encode(prefix: number, { number, salt, value }: Opening): Uint8Array {
  requireNumber(number);
  if (salt.length !== SALT_LENGTH) throw usageError(`a salt has 16 bytes, not ${salt.length}`);
  const bytes = new Uint8Array(OPENING_OVERHEAD + (value?.length ?? 0));
  bytes[0] = prefix;
  bytes[1] = number;
  new DataView(bytes.buffer).setUint32(2, value?.length ?? ABSENT_LENGTH);
  bytes.set(salt, 6);
  if (value !== null) bytes.set(value, OPENING_OVERHEAD);
  return bytes;
}

function read(prefix: number, bytes: Uint8Array): Opening {
  if (bytes.length < OPENING_OVERHEAD) throw malformed('it is shorter than 22 bytes');
  if (bytes[0] !== prefix) throw malformed(`it begins with another byte than 0x0${prefix}`);
  const number = bytes[1] as number;
  if (number === 0) throw malformed('fields are numbered from 1');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(2);
  const rest = bytes.length - OPENING_OVERHEAD;
  // The sender controls the length; it must be exactly what is there.
  if (length === ABSENT_LENGTH ? rest !== 0 : length !== rest) throw malformed('its length is not what it declares');
  const salt = copyBytes(bytes, 6, OPENING_OVERHEAD);
  return { number, salt, value: length === ABSENT_LENGTH ? null : copyBytes(bytes, OPENING_OVERHEAD) };
}

function requireNumber(number: number): void {
  if (!Number.isInteger(number) || number < 1 || number > 255) throw usageError(`no field has the number ${number}`);
}

function hashCount(digests: Uint8Array): number {
  if (digests.length % HASH_LENGTH !== 0)
    throw usageError(`digests must be 32 bytes each, not ${digests.length} in all`);
  return digests.length / HASH_LENGTH;
}

function malformed(why: string): Error {
  return formatError('OPENING_MALFORMED', `the opening of a field is malformed: ${why}`);
}
