import { base64Decode, type CborValue, decodeCbor, equalBytes } from '@custody/bytes';
import {
  ENTRY_FIELD_COUNT,
  ENTRY_FIELDS,
  type Entry,
  type EntryField,
  entryLeafHash,
  matchCheckpoint,
  readEntry,
  readSegmentClear,
  rootFromInclusion,
  rootOfLeaf,
  type SegmentClear,
  type VerifiedCheckpoint,
  type VerifySignature,
  verifyEntrySignature,
} from '@custody/chain';
import { malformed, mismatch } from '../errors.ts';
import { readFieldJson } from '../field-json.ts';
import type { ExhibitEntry, ExhibitSegment } from '../model.ts';

export interface EntryTerms {
  readonly checkpoint: VerifiedCheckpoint;
  readonly verify: VerifySignature;
}

/** An entry proven under the checkpoint, with what is opened of its fields. */
export interface ProvenEntry {
  readonly entry: Entry;
  readonly values: Partial<Readonly<Record<EntryField, CborValue>>>;
}

/** Throws unless the entry stands at its place in the signed log and its opened fields are its own. */
export function verifyOpenedEntry(one: ExhibitEntry, terms: EntryTerms): ProvenEntry {
  const entry = provenEntry(one, terms);
  if (one.fields.length !== ENTRY_FIELD_COUNT) throw malformed(`entry ${one.entry} has ${one.fields.length} fields`);
  const fields = one.fields.map((field) => {
    if ('raw' in field || 'pieces' in field) throw malformed(`entry ${one.entry} has a field that no entry has`);
    return readFieldJson(field);
  });
  if (!equalBytes(rootOfLeaf(fields), entry.fieldsRoot)) {
    throw mismatch('EXHIBIT_ENTRY_MISMATCH', `what is shown of entry ${one.entry} is not what it commits to`);
  }
  const values: Partial<Record<EntryField, CborValue>> = {};
  for (const [name, number] of Object.entries(ENTRY_FIELDS) as [EntryField, number][]) {
    const field = fields[number - 1];
    if (field !== undefined && 'value' in field && field.value !== null) values[name] = decodeCbor(field.value);
  }
  return { entry, values };
}

/** A segment's entry proven under the checkpoint. */
export function verifySegmentEntry(segment: ExhibitSegment, terms: EntryTerms): SegmentClear {
  const entry = provenEntry(segment, terms);
  if (entry.kind !== 'segment') throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `entry ${segment.entry} is not a segment`);
  const clear = readSegmentClear(entry.clear);
  if (clear.derive !== segment.derivation) {
    throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `the segment in entry ${segment.entry} belongs to another derivation`);
  }
  return clear;
}

function provenEntry(
  one: { readonly entry: number; readonly bytes: string; readonly proof: readonly string[] },
  { checkpoint, verify }: EntryTerms,
): Entry {
  const bytes = base64Decode(one.bytes);
  const entry = readEntry(bytes);
  verifyEntrySignature(entry, checkpoint.origin, verify);
  const root = rootFromInclusion({
    index: BigInt(one.entry),
    size: checkpoint.size,
    leafHash: entryLeafHash(bytes),
    proof: one.proof.map(base64Decode),
  });
  matchCheckpoint(checkpoint, { size: checkpoint.size, root });
  return entry;
}
