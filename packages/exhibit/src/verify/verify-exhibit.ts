import { base64Decode, base64Encode, equalBytes, hexDecode, sha256Hex, utf8Decode } from '@custody/bytes';
import {
  type DisclosedField,
  entryLeafHash,
  FINDING_LAYOUT,
  ITEM_LAYOUT,
  leafBytes,
  leafHash,
  matchCheckpoint,
  readEntry,
  readSegmentClear,
  readVerifierKey,
  rootFromInclusion,
  rootOfLeaf,
  type SegmentClear,
  type VerifiedCheckpoint,
  type VerifySignature,
  verifyCheckpoint,
  verifyEntrySignature,
} from '@custody/chain';
import { malformed, mismatch } from '../errors.ts';
import { readFieldJson } from '../field-json.ts';
import { viewFinding, viewItem } from '../leaf-view.ts';
import type { ExhibitDocument, ExhibitLeaf, ExhibitSegment } from '../model.ts';
import { readDocument } from './read-document.ts';

/** Members of an exhibit by name. */
export type ExhibitMembers = ReadonlyMap<string, Uint8Array>;

export interface ExhibitTrust {
  /** The key that the reader received by another way. Without it the exhibit vouches for itself. */
  readonly verifierKey?: string;
  readonly verify: VerifySignature;
}

/** What `custody verify EXHIBIT --json` prints. */
export interface ExhibitVerdict {
  readonly kind: 'exhibit';
  readonly ok: true;
  readonly origin: string;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly verifierKey: { readonly key: string; readonly source: 'pinned' | 'self-asserted' };
  readonly checked: {
    readonly members: number;
    readonly segments: number;
    readonly items: number;
    readonly findings: number;
    readonly rawRecords: number;
    readonly withheldFields: number;
  };
  readonly notChecked: readonly string[];
}

/** A document whose every leaf was proven, with its fields opened. */
export interface VerifiedExhibit {
  readonly verdict: ExhibitVerdict;
  readonly document: ExhibitDocument;
}

export const DOCUMENT_NAME = 'exhibit.json';
export const SUMS_NAME = 'manifest-sha256.txt';
export const PAGE_NAME = 'exhibit.html';
export const CHECKPOINT_NAME = 'checkpoint';

/**
 * Verifies an exhibit from its members alone: file sums, the checkpoint's signature, each segment's entry under it, each
 * leaf under its segment, each opened field under its leaf. Throws on the first thing that does not hold.
 */
export function verifyExhibit(members: ExhibitMembers, trust: ExhibitTrust): VerifiedExhibit {
  verifySums(members);
  const document = readDocument(member(members, DOCUMENT_NAME));
  verifyNames(members, document);
  const checkpoint = verifyDocumentCheckpoint(document, trust);
  const segments = new Map<number, VerifiedSegment>();
  for (const segment of document.segments)
    segments.set(segment.entry, verifySegmentEntry(segment, { checkpoint, trust }));
  const tally = { items: 0, findings: 0, rawRecords: 0, withheldFields: 0 };
  const seen = new Set<number>();
  for (const leaf of document.leaves) {
    if (seen.has(leaf.index)) throw mismatch('EXHIBIT_ITEM_MISMATCH', `item ${leaf.index} stands in the exhibit twice`);
    seen.add(leaf.index);
    verifyLeaf(leaf, { members, segments, tally });
  }
  verifyCounts(document);
  const pinned = trust.verifierKey !== undefined;
  return {
    document,
    verdict: {
      kind: 'exhibit',
      ok: true,
      origin: checkpoint.origin,
      checkpoint: { origin: checkpoint.origin, size: Number(checkpoint.size), root: base64Encode(checkpoint.root) },
      verifierKey: { key: trust.verifierKey ?? document.verifierKey, source: pinned ? 'pinned' : 'self-asserted' },
      checked: { members: members.size, segments: segments.size, ...tally },
      notChecked: notChecked(pinned),
    },
  };
}

function notChecked(pinned: boolean): string[] {
  return [
    ...(pinned ? [] : ['whose key signed: the verifier key came with the exhibit itself. Pin it with --verifier-key']),
    'that nothing came after the checkpoint: only a later checkpoint or a witness can show that',
    'who wrote a message: see what each item says under authentication',
    'statements about what is not in the exhibit (completeness): they are the producer\u2019s, not covered by a proof',
  ];
}

/** `SHA-256  name` lines for every other member, none missing and none beyond. */
function verifySums(members: ExhibitMembers): void {
  const stated = new Map<string, string>();
  for (const line of utf8Decode(member(members, SUMS_NAME)).split('\n')) {
    if (line === '') continue;
    const parts = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line);
    if (parts === null || stated.has(parts[2] as string)) throw malformed(`${SUMS_NAME} has a line that is no sum`);
    stated.set(parts[2] as string, parts[1] as string);
  }
  for (const [name, bytes] of members) {
    if (name === SUMS_NAME) continue;
    const sum = stated.get(name);
    if (sum === undefined) throw mismatch('EXHIBIT_MEMBER_UNKNOWN', `${name} is not listed in ${SUMS_NAME}`, { name });
    if (sum !== sha256Hex(bytes))
      throw mismatch('EXHIBIT_MEMBER_ALTERED', `${name} was altered: its SHA-256 differs`, { name });
    stated.delete(name);
  }
  for (const name of stated.keys())
    throw mismatch('EXHIBIT_MEMBER_MISSING', `${name} is listed and is not there`, { name });
}

/** Nothing stands beside the document that it does not name: a reader could take it for proven. */
function verifyNames(members: ExhibitMembers, document: ExhibitDocument): void {
  const raw = document.leaves.flatMap((leaf) => leaf.raw);
  const named = new Set([DOCUMENT_NAME, SUMS_NAME, PAGE_NAME, CHECKPOINT_NAME, ...raw]);
  for (const name of members.keys()) {
    if (!named.has(name)) throw mismatch('EXHIBIT_MEMBER_UNKNOWN', `${name} is no part of this exhibit`, { name });
  }
  if (utf8Decode(member(members, CHECKPOINT_NAME)) !== document.checkpoint) {
    const detail = { name: CHECKPOINT_NAME };
    throw mismatch('EXHIBIT_MEMBER_ALTERED', 'the file "checkpoint" is not the checkpoint of the exhibit', detail);
  }
}

function verifyDocumentCheckpoint(document: ExhibitDocument, trust: ExhibitTrust): VerifiedCheckpoint {
  const logKey = readVerifierKey(trust.verifierKey ?? document.verifierKey);
  const checkpoint = verifyCheckpoint(document.checkpoint, { logKey, verify: trust.verify });
  if (checkpoint.size !== BigInt(document.size) || checkpoint.origin !== document.case.origin) {
    throw mismatch('EXHIBIT_COUNT_MISMATCH', 'origin or size of the exhibit is not that of its checkpoint');
  }
  return checkpoint;
}

interface VerifiedSegment {
  readonly clear: SegmentClear;
}

function verifySegmentEntry(
  segment: ExhibitSegment,
  { checkpoint, trust }: { readonly checkpoint: VerifiedCheckpoint; readonly trust: ExhibitTrust },
): VerifiedSegment {
  const bytes = base64Decode(segment.bytes);
  const entry = readEntry(bytes);
  if (entry.kind !== 'segment') throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `entry ${segment.entry} is not a segment`);
  verifyEntrySignature(entry, checkpoint.origin, trust.verify);
  const root = rootFromInclusion({
    index: BigInt(segment.entry),
    size: checkpoint.size,
    leafHash: entryLeafHash(bytes),
    proof: segment.proof.map(base64Decode),
  });
  matchCheckpoint(checkpoint, { size: checkpoint.size, root });
  const clear = readSegmentClear(entry.clear);
  if (clear.derive !== segment.derivation) {
    throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `the segment in entry ${segment.entry} belongs to another derivation`);
  }
  return { clear };
}

function verifyLeaf(
  leaf: ExhibitLeaf,
  context: {
    readonly members: ExhibitMembers;
    readonly segments: ReadonlyMap<number, VerifiedSegment>;
    readonly tally: { items: number; findings: number; rawRecords: number; withheldFields: number };
  },
): void {
  const segment = context.segments.get(leaf.segment);
  if (segment === undefined)
    throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `item ${leaf.index} names a segment that is not there`);
  const { clear } = segment;
  if (leaf.position >= clear.count || clear.first + leaf.position !== leaf.index) {
    throw mismatch('EXHIBIT_ITEM_MISMATCH', `item ${leaf.index} is not at the position it claims`, {
      index: leaf.index,
    });
  }
  const raw = leaf.raw.map((name) => member(context.members, name));
  const fields = leaf.fields.map((field) => readFieldJson(field, raw));
  const layout = leaf.kind === 1 ? ITEM_LAYOUT : FINDING_LAYOUT;
  if (fields.length !== layout.fields) throw malformed(`item ${leaf.index} has ${fields.length} fields`);
  const link = leafHash(leafBytes(hexDecode(leaf.previous), leaf.kind, rootOfLeaf(fields)));
  const root = rootFromInclusion({
    index: BigInt(leaf.position),
    size: BigInt(clear.count),
    leafHash: link,
    proof: leaf.path.map(base64Decode),
  });
  if (!equalBytes(root, clear.root)) {
    throw mismatch(
      'EXHIBIT_ITEM_MISMATCH',
      `item ${leaf.index} is not the one the ledger committed to: a field was changed`,
      {
        index: leaf.index,
      },
    );
  }
  readable(leaf, fields);
  context.tally[leaf.kind === 1 ? 'items' : 'findings']++;
  context.tally.rawRecords += raw.length;
  context.tally.withheldFields += fields.filter((field) => 'digest' in field).length;
}

/** Opened fields must have the shape that their numbers prescribe, or a page would show something else than was proven. */
function readable(leaf: ExhibitLeaf, fields: readonly DisclosedField[]): void {
  if (leaf.kind === 2) viewFinding(fields);
  else if (!('digest' in (fields[0] as DisclosedField)) && !('digest' in (fields[1] as DisclosedField)))
    viewItem(fields);
}

function verifyCounts(document: ExhibitDocument): void {
  const of = (role: ExhibitLeaf['role']) => document.leaves.filter((leaf) => leaf.role === role).length;
  const { shown, context } = document.completeness;
  if (shown !== of('selected') || context !== of('context')) {
    throw mismatch('EXHIBIT_COUNT_MISMATCH', 'the counts of shown items are not those of the exhibit');
  }
}

function member(members: ExhibitMembers, name: string): Uint8Array {
  const bytes = members.get(name);
  if (bytes === undefined) throw mismatch('EXHIBIT_MEMBER_MISSING', `the exhibit has no ${name}`, { name });
  return bytes;
}
