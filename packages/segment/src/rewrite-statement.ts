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
  /** Objects of openings that took the place of others, which are among `names`. */
  readonly reopened?: readonly Reopened[];
}

/** Names of a commit's openings as they were, and as they were written anew. */
export type Reopened = readonly [before: string, after: string];

/** `label || CBOR [[first, count] ..., [derive, unit, part, compartments] ..., names]`; compartments by bit, in order of their names' list. */
const LABEL = utf8Encode('custody/rewrite/v1\n');
/** The same with a fourth part, `[before, after] ...`. */
const LABEL_2 = utf8Encode('custody/rewrite/v2\n');

export function encodeStatement({ leaves, segments, names, reopened = [] }: RewriteStatement): Uint8Array {
  const value: CborValue[] = [
    leaves.map((range) => [...range]),
    segments.map(({ derive, unit, part, compartments }) => [derive, unit, part, bitsOf(compartments)]),
    [...names],
  ];
  if (reopened.length === 0) return concatBytes([LABEL, encodeCbor(value)]);
  return concatBytes([LABEL_2, encodeCbor([...value, reopened.map((pair) => [...pair])])]);
}

/** Throws FormatError OBJECT_MALFORMED, CBOR_INVALID. */
export function readStatement(bytes: Uint8Array): RewriteStatement {
  const label = bytes.subarray(0, LABEL.length);
  const parts = equalBytes(label, LABEL) ? 3 : equalBytes(label, LABEL_2) ? 4 : 0;
  if (parts === 0) throw bad('it begins neither with custody/rewrite/v1 nor with v2');
  const value = decodeCbor(bytes.subarray(LABEL.length));
  if (!Array.isArray(value) || value.length !== parts) throw bad(`it has not ${parts} parts`);
  const [leaves, segments, names, reopened] = value.map(listOf);
  const read = {
    leaves: (leaves ?? []).map((range) => numbers(range, 2) as unknown as LeafRange),
    segments: (segments ?? []).map(readSegment),
    names: (names ?? []).map(textOf),
    ...(reopened !== undefined && { reopened: reopened.map(readReopened) }),
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

/** Only openings take the place of openings: nothing else can be exchanged by a statement. */
function readReopened(value: CborValue): Reopened {
  const [before, after, more] = listOf(value).map(textOf);
  const isOne = (name: string | undefined, pattern: RegExp) => name !== undefined && pattern.test(name);
  if (more !== undefined || !isOne(before, /^(events|openings)\//) || !isOne(after, /^openings\//))
    throw bad('openings take the place of something else');
  return [before as string, after as string];
}

function textOf(value: CborValue): string {
  if (typeof value !== 'string') throw bad('a name is no text');
  return value;
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
