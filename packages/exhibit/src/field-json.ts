import { concatBytes, encodeCbor, hexDecode, hexEncode } from '@custody/bytes';
import type { DisclosedField } from '@custody/chain';
import { malformed } from './errors.ts';
import type { FieldJson } from './model.ts';

const HEX = /^(?:[0-9a-f]{2})*$/;

export function fieldJson(field: DisclosedField): FieldJson {
  if ('digest' in field) return { digest: hexEncode(field.digest) };
  if ('pieces' in field) {
    return {
      pieces: field.pieces.map((piece) =>
        'digest' in piece
          ? { digest: hexEncode(piece.digest) }
          : { salt: hexEncode(piece.salt), value: hexEncode(piece.value) },
      ),
    };
  }
  return { salt: hexEncode(field.salt), value: field.value === null ? null : hexEncode(field.value) };
}

/**
 * Reads a field of an exhibit. `raw` are the raw records that stand in files of their own; without them their digest
 * stands in their place. Throws EXHIBIT_MALFORMED.
 */
export function readFieldJson(json: FieldJson, raw?: readonly Uint8Array[]): DisclosedField {
  if ('raw' in json && raw !== undefined) return { salt: hex(json.salt), value: encodeCbor([...raw]) };
  if ('digest' in json) return { digest: hex(json.digest) };
  if ('pieces' in json) {
    return {
      pieces: json.pieces.map((piece) =>
        'digest' in piece ? { digest: hex(piece.digest) } : { salt: hex(piece.salt), value: hex(piece.value) },
      ),
    };
  }
  return { salt: hex(json.salt), value: json.value === null ? null : hex(json.value) };
}

/** Lower-case hex only: one text for one value. */
export function hex(text: string): Uint8Array {
  if (!HEX.test(text)) throw malformed('a hash, salt or value is not lower-case hex');
  return concatBytes([hexDecode(text)]);
}
