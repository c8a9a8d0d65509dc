import { type CborValue, concatBytes, decodeCbor, encodeCbor, equalBytes, utf8Encode } from '@custody/bytes';
import { type ContentCompartment, contentCompartments } from './compartment.ts';
import { malformed } from './errors.ts';
import type { SegmentKey } from './object-names.ts';

/** First leaf and how many. */
export type LeafRange = readonly [first: number, count: number];

/** A segment and those of its parts that are written anew. */
export interface RewrittenSegment extends SegmentKey {
  readonly compartments: readonly ContentCompartment[];
}

/**
 * What an `expunge` or `dispose` entry does to stored objects, in clear: numbers and names only. From it anybody can
 * tell, without a key, what must be gone and which positions are empty by order.
 */
export interface RewriteStatement {
  /** Leaves whose content is destroyed, ascending; none for a change of disposition. */
  readonly leaves: readonly LeafRange[];
  /** Parts that get a next generation; all earlier ones are destroyed. */
  readonly segments: readonly RewrittenSegment[];
  /** Further objects that are destroyed: an original and its secret. */
  readonly names: readonly string[];
}

/** `label || CBOR [[first, count] ..., [derive, unit, part, compartments] ..., names]`; compartments by bit, in order of their names' list. */
const LABEL = utf8Encode('custody/rewrite/v1\n');

export function encodeStatement({ leaves, segments, names }: RewriteStatement): Uint8Array {
  const value: CborValue = [
    leaves.map((range) => [...range]),
    segments.map(({ derive, unit, part, compartments }) => [derive, unit, part, bitsOf(compartments)]),
    [...names],
  ];
  return concatBytes([LABEL, encodeCbor(value)]);
}

/** Throws FormatError OBJECT_MALFORMED, CBOR_INVALID. */
export function readStatement(bytes: Uint8Array): RewriteStatement {
  if (!equalBytes(bytes.subarray(0, LABEL.length), LABEL)) throw bad('it does not begin with custody/rewrite/v1');
  const value = decodeCbor(bytes.subarray(LABEL.length));
  if (!Array.isArray(value) || value.length !== 3) throw bad('it has not three parts');
  const [leaves, segments, names] = value.map(listOf);
  const read = {
    leaves: (leaves ?? []).map((range) => numbers(range, 2) as unknown as LeafRange),
    segments: (segments ?? []).map(readSegment),
    names: (names ?? []).map((name) => {
      if (typeof name !== 'string') throw bad('a name is no text');
      return name;
    }),
  };
  let end = 0;
  for (const [first, count] of read.leaves) {
    if (first < end || count === 0) throw bad('its leaves are not in order');
    end = first + count;
  }
  return read;
}

function readSegment(value: CborValue): RewrittenSegment {
  const [derive, unit, part, bits] = numbers(value, 4) as [number, number, number, number];
  if (bits >= 1 << contentCompartments.length) throw bad('it names a compartment that version 1 has not');
  return { derive, unit, part, compartments: contentCompartments.filter((_, i) => (bits & (1 << i)) !== 0) };
}

function bitsOf(compartments: readonly ContentCompartment[]): number {
  return compartments.reduce((bits, name) => bits | (1 << contentCompartments.indexOf(name)), 0);
}

function listOf(value: CborValue): readonly CborValue[] {
  if (!Array.isArray(value)) throw bad('a list is missing');
  return value as readonly CborValue[];
}

function numbers(value: CborValue, length: number): number[] {
  const list = listOf(value);
  if (list.length !== length || !list.every((one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0))
    throw bad('a number is missing');
  return list as number[];
}

function bad(why: string): Error {
  return malformed(`a statement of what was rewritten is malformed: ${why}`);
}
