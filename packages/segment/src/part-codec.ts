import { type ByteColumn, type CborValue, decodeCbor, encodeCbor, equalBytes, u32be, utf8Encode } from '@custody/bytes';
import { FINDING_SLOTS, ITEM_SLOTS } from '@custody/evidence';
import { ColumnReader, columnRoom, writeColumn } from './column-codec.ts';
import { malformed } from './errors.ts';

const LABEL = utf8Encode('custody/part/v1\n');
/** As version 1, with the raw records themselves after their digests: where the original is no more. */
const RAW_LABEL = utf8Encode('custody/part/v2\n');
const STORED_ITEM_SLOTS = ITEM_SLOTS - 1;

/** What one compartment holds of a segment. Row `i` of `codes` and `rules` belongs to item row `i`. */
export interface PartContent {
  /** Position in the segment of each leaf: first the items' in order, then the findings'. */
  readonly itemPositions: Uint16Array;
  readonly findingPositions: Uint16Array;
  /** Disposition code of each item at the time of the commit, and the rule that decided it (index into `ruleNames`). */
  readonly codes: Uint8Array;
  readonly rules: Uint8Array;
  readonly ruleNames: readonly string[];
  /** Item columns 1 to 14. */
  readonly items: readonly ByteColumn[];
  /** Digests of field 15 (raw records), 32 bytes an item: the bytes themselves stay in the original. */
  readonly rawDigests: Uint8Array;
  /** Raw records (CBOR of field 15) of a part whose original was destroyed; absent rows have none. */
  readonly raw?: ByteColumn;
  readonly findings: readonly ByteColumn[];
}

/** Memory for one encoded part after the other. */
export class PartMemory {
  #bytes: Uint8Array = new Uint8Array(0);

  room(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(Math.ceil(length * 1.25));
    return this.#bytes;
  }
}

/**
 * `label || head length u32 || head (CBOR [items, findings, rule names]) || item positions u16 ... || finding positions u16 ...
 * || codes || rules || item columns 1-14 || raw digests || (version 2: raw records) || finding columns 1-6`. With `memory` a view of it, overwritten
 * by the next part.
 */
export function encodePart(part: PartContent, memory: PartMemory = new PartMemory()): Uint8Array {
  const head = encodeCbor([part.itemPositions.length, part.findingPositions.length, [...part.ruleNames]]);
  const items = part.items.slice(0, STORED_ITEM_SLOTS);
  const { itemPositions, findingPositions, codes, rules, rawDigests, findings } = part;
  const after = part.raw === undefined ? findings : [part.raw, ...findings];
  const fixed = [
    part.raw === undefined ? LABEL : RAW_LABEL,
    u32be(head.length),
    head,
    bigEndian(itemPositions),
    bigEndian(findingPositions),
    codes,
    rules,
    rawDigests,
  ];
  const room = [...items, ...after].reduce((sum, column) => sum + columnRoom(column), 0);
  const into = memory.room(fixed.reduce((sum, bytes) => sum + bytes.length, room));
  let at = 0;
  for (const bytes of fixed) {
    if (bytes === rawDigests) for (const column of items) at = writeColumn(column, into, at);
    into.set(bytes, at);
    at += bytes.length;
  }
  for (const column of after) at = writeColumn(column, into, at);
  return into.subarray(0, at);
}

/** Throws FormatError OBJECT_MALFORMED, CBOR_INVALID. */
export function decodePart(bytes: Uint8Array): PartContent {
  const reader = new ColumnReader(bytes);
  const label = reader.take(LABEL.length);
  const hasRaw = equalBytes(label, RAW_LABEL);
  if (!hasRaw && !equalBytes(label, LABEL)) throw malformed('this is not a part of version 1 or 2');
  const head = decodeCbor(reader.take(reader.u32()));
  if (!Array.isArray(head)) throw malformed('a part has no proper head');
  const [items, findings, names] = head as readonly CborValue[];
  if (typeof items !== 'number' || typeof findings !== 'number' || !Array.isArray(names)) {
    throw malformed('a part has no proper head');
  }
  const part = {
    itemPositions: fromBigEndian(reader.take(items * 2)),
    findingPositions: fromBigEndian(reader.take(findings * 2)),
    codes: reader.take(items),
    rules: reader.take(items),
    ruleNames: (names as readonly CborValue[]).map(String),
    items: Array.from({ length: STORED_ITEM_SLOTS }, () => reader.column(items)),
    rawDigests: reader.take(items * 32),
    ...(hasRaw && { raw: reader.column(items) }),
    findings: Array.from({ length: FINDING_SLOTS }, () => reader.column(findings)),
  };
  reader.finish();
  return part;
}

function bigEndian(positions: Uint16Array): Uint8Array {
  const out = new Uint8Array(positions.length * 2);
  for (let i = 0; i < positions.length; i++) {
    out[2 * i] = (positions[i] as number) >>> 8;
    out[2 * i + 1] = positions[i] as number;
  }
  return out;
}

function fromBigEndian(bytes: Uint8Array): Uint16Array {
  const out = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number);
  return out;
}
