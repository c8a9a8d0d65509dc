/**
 * The fields of one leaf as an exhibit shows them: opened, opened piece by piece, or withheld behind a digest. Any
 * mixture leads to the same fields root (SPEC.md sections 2 and 8).
 */
import { concatBytes } from '@custody/bytes';
import { mapHead } from './cut-pieces.ts';
import { formatError, usageError } from './errors.ts';
import { fieldDigest, fieldsRoot, pieceDigest, piecesDigest, SALT_LENGTH } from './openings.ts';
import { HASH_LENGTH } from './tree.ts';

/** A value in the open with its salt; null is an absent field. */
export interface OpenValue {
  readonly salt: Uint8Array;
  readonly value: Uint8Array | null;
}

/** One piece in the open. */
export interface OpenPiece {
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

/** What stands in the place of something withheld: 32 bytes that say nothing about it. */
export interface Withheld {
  readonly digest: Uint8Array;
}

/** A field in pieces, some of which may be withheld. */
export interface FieldInPieces {
  readonly pieces: readonly (OpenPiece | Withheld)[];
}

export type DisclosedField = OpenValue | FieldInPieces | Withheld;

/** Digest of field `number` however it is disclosed. Throws OPENING_MALFORMED for salts or digests of another length. */
export function digestOfField(number: number, field: DisclosedField): Uint8Array {
  if ('digest' in field) return requireLength(field.digest, HASH_LENGTH);
  if (!('pieces' in field)) {
    return fieldDigest({ number, salt: requireLength(field.salt, SALT_LENGTH), value: field.value });
  }
  if (field.pieces.length < 2)
    throw malformed(`field ${number} is given in ${field.pieces.length} pieces, not in two or more`);
  return piecesDigest(number, concatBytes(field.pieces.map((piece) => digestOfPiece(number, piece))));
}

/** Field digests 1..n laid end to end; `fields[0]` is field 1. */
export function digestsOfLeaf(fields: readonly DisclosedField[]): Uint8Array {
  return concatBytes(fields.map((field, i) => digestOfField(i + 1, field)));
}

/** The fields root a disclosure leads to: to be compared with the leaf's. */
export function rootOfLeaf(fields: readonly DisclosedField[]): Uint8Array {
  return fieldsRoot(digestsOfLeaf(fields));
}

/**
 * The whole value of a field: null where it is absent, undefined where it or one of its pieces is withheld.
 * `isMap` says that the pieces are entries of a CBOR map, whose head is not hashed and is put back here.
 */
export function valueOfField(field: DisclosedField, isMap = false): Uint8Array | null | undefined {
  if ('digest' in field) return undefined;
  if (!('pieces' in field)) return field.value;
  const values: Uint8Array[] = isMap ? [mapHead(field.pieces.length)] : [];
  for (const piece of field.pieces) {
    if ('digest' in piece) return undefined;
    values.push(piece.value);
  }
  return concatBytes(values);
}

/** The same field with nothing in the open. */
export function withholdField(number: number, field: DisclosedField): Withheld {
  return { digest: digestOfField(number, field) };
}

/** The same field with the named pieces (from 0) behind their digests. Throws a UsageError when it is not in pieces. */
export function withholdPieces(number: number, field: DisclosedField, which: readonly number[]): FieldInPieces {
  if (!('pieces' in field)) throw usageError(`field ${number} is in one piece: withhold it whole`);
  const pieces = field.pieces.map((piece, i) =>
    which.includes(i) && 'value' in piece ? { digest: pieceDigest({ number, ...piece }) } : piece,
  );
  return { pieces };
}

function digestOfPiece(number: number, piece: OpenPiece | Withheld): Uint8Array {
  if ('digest' in piece) return requireLength(piece.digest, HASH_LENGTH);
  return pieceDigest({ number, salt: requireLength(piece.salt, SALT_LENGTH), value: piece.value });
}

/** Whoever wrote the exhibit chose these bytes. */
function requireLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw malformed(`${length} bytes expected, not ${bytes.length}`);
  return bytes;
}

function malformed(why: string): Error {
  return formatError('OPENING_MALFORMED', `a disclosed field is malformed: ${why}`);
}
