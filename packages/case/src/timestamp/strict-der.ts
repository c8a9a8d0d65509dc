import { malformed } from './errors.ts';

/** Nesting that no certificate or token comes near. */
const DEPTH_MAX = 32;
const CONSTRUCTED = 0x20;
const UNIVERSAL = 0x00;
/** Universal tags (X.680 8.6). */
const TAG = { boolean: 1, integer: 2, bits: 3, octets: 4, nothing: 5, oid: 6, enumerated: 10, sequence: 16, set: 17 };

/**
 * Throws TIMESTAMP_MALFORMED unless the bytes are one value in DER (X.690 clauses 8 and 10): one tag, lengths definite and as
 * short as can be, nothing after the end. A BER reader would take other spellings of the same value, which a second
 * reader may take for something else.
 */
export function requireDer(bytes: Uint8Array): void {
  if (readValue(bytes, 0, 0) !== bytes.length) throw malformed('bytes follow after its end');
}

/** Checks the value at `at` and returns where the next one begins. */
function readValue(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > DEPTH_MAX) throw malformed('it is nested too deeply');
  const tag = bytes[at];
  if (tag === undefined) throw malformed('it is cut short');
  if ((tag & 0x1f) === 0x1f) throw malformed('it has a tag of more than one byte');
  const { start, end } = readLength(bytes, at + 1);
  if ((tag & CONSTRUCTED) !== 0) {
    requireConstructed(tag);
    let inner = start;
    while (inner < end) inner = readValue(bytes.subarray(0, end), inner, depth + 1);
  } else if ((tag & 0xc0) === UNIVERSAL) requirePrimitive(tag, bytes.subarray(start, end));
  return end;
}

function readLength(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at];
  if (first === undefined) throw malformed('it is cut short');
  let start = at + 1;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0) throw malformed('a length is indefinite, which DER has not');
    if (count > 4) throw malformed('a length is beyond all measure');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
    if (length < 0x80 || length < 256 ** (count - 1)) throw malformed('a length is longer than it need be');
  }
  const end = start + length;
  if (end > bytes.length) throw malformed('it is cut short');
  return { start, end };
}

function requireConstructed(tag: number): void {
  const isUniversal = (tag & 0xc0) === UNIVERSAL;
  const number = tag & 0x1f;
  if (isUniversal && number !== TAG.sequence && number !== TAG.set)
    throw malformed('a string is in pieces, which DER has not');
}

function requirePrimitive(tag: number, content: Uint8Array): void {
  const [first, second] = content;
  switch (tag) {
    case TAG.boolean:
      if (content.length !== 1 || (first !== 0x00 && first !== 0xff))
        throw malformed('a truth value is neither 00 nor FF');
      return;
    case TAG.integer:
    case TAG.enumerated:
      if (first === undefined) throw malformed('a number is empty');
      if (second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80)))
        throw malformed('a number is longer than it need be');
      return;
    case TAG.bits:
      if (first === undefined || first > 7 || (content.length === 1 && first !== 0))
        throw malformed('a bit string is broken');
      return;
    case TAG.nothing:
      if (content.length !== 0) throw malformed('a null has content');
      return;
    case TAG.oid:
      if (content.length === 0 || (content[content.length - 1] as number) >= 0x80)
        throw malformed('an object identifier is broken');
      return;
    case TAG.sequence:
    case TAG.set:
      throw malformed('a sequence has no members of its own');
    default:
  }
}
