import { base64Encode, equalBytes, utf8Encode } from '@custody/bytes';
import {
  readVerifierKey,
  type SegmentClear,
  type VerifiedCheckpoint,
  type VerifySignature,
  verifyCheckpoint,
} from '@custody/chain';
import { mismatch } from '../errors.ts';
import { CHECKPOINT_NAME, DOCUMENT_NAME, PAGE_NAME, rawName, SUMS_NAME } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { readDocument } from './read-document.ts';
import { verifyCounts, verifyRedactions } from './verify-counts.ts';
import { type EntryTerms, type ProvenEntry, verifyOpenedEntry, verifySegmentEntry } from './verify-entry.ts';
import { type ProvenLeaf, verifyLeaf } from './verify-leaf.ts';
import { verifyStatements } from './verify-statements.ts';
import { type ExhibitMembers, memberOf, verifySums } from './verify-sums.ts';

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
    readonly entries: number;
    readonly segments: number;
    readonly items: number;
    readonly findings: number;
    readonly rawRecords: number;
    readonly withheldFields: number;
  };
  readonly notChecked: readonly string[];
}

/** A document whose every leaf was proven. */
export interface VerifiedExhibit {
  readonly verdict: ExhibitVerdict;
  readonly document: ExhibitDocument;
}

/**
 * Verifies an exhibit from its members alone: file sums, the checkpoint's signature, every entry under it, every leaf
 * under its segment, every opened field under its leaf, every count and statement that follows from them. The page is
 * `checkPage`'s. Throws on the first thing that does not hold: always a CustodyError.
 */
export function verifyExhibit(members: ExhibitMembers, trust: ExhibitTrust): VerifiedExhibit {
  verifySums(members);
  const document = readDocument(memberOf(members, DOCUMENT_NAME));
  verifyMembers(members, document);
  const checkpoint = verifyDocumentCheckpoint(document, trust);
  const terms = { checkpoint, verify: trust.verify };
  const entries = provenEntries(document, terms);
  const segments = provenSegments(document, terms);
  const leaves = provenLeaves(document, { members, segments });
  verifyStatements(document, entries);
  verifyCounts(document, leaves);
  verifyRedactions(document, leaves);
  const pinned = trust.verifierKey !== undefined;
  return {
    document,
    verdict: {
      kind: 'exhibit',
      ok: true,
      origin: checkpoint.origin,
      checkpoint: { origin: checkpoint.origin, size: document.size, root: base64Encode(checkpoint.root) },
      verifierKey: { key: trust.verifierKey ?? document.verifierKey, source: pinned ? 'pinned' : 'self-asserted' },
      checked: { members: members.size, entries: entries.size, segments: segments.size, ...tally(leaves) },
      notChecked: notChecked(pinned),
    },
  };
}

function tally(leaves: readonly ProvenLeaf[]) {
  const items = leaves.filter(({ leaf }) => leaf.kind === 1).length;
  return {
    items,
    findings: leaves.length - items,
    rawRecords: leaves.reduce((sum, { leaf }) => sum + leaf.raw.length, 0),
    withheldFields: leaves.reduce((sum, { withheld }) => sum + withheld.length, 0),
  };
}

function notChecked(pinned: boolean): string[] {
  return [
    ...(pinned ? [] : ['whose key signed: the verifier key came with the exhibit itself. Pin it with --verifier-key']),
    'that nothing came after the checkpoint: only a later checkpoint or a witness can show that',
    'who wrote a message: see what each item says under authentication',
    'the producer\u2019s own statements: reference, producer, name of a capture, how the items were chosen, how many items of a conversation the case holds, notes',
  ];
}

/** Every member is one that the document names or that every exhibit has. */
function verifyMembers(members: ExhibitMembers, document: ExhibitDocument): void {
  const known = new Set([DOCUMENT_NAME, PAGE_NAME, CHECKPOINT_NAME, SUMS_NAME]);
  for (const leaf of document.leaves) {
    leaf.raw.forEach((name, i) => {
      if (name !== rawName(leaf.index, i)) {
        throw mismatch('EXHIBIT_RAW_MISMATCH', `item ${leaf.index} names the raw records of something else`, {
          index: leaf.index,
        });
      }
      known.add(name);
    });
  }
  for (const name of members.keys()) {
    if (!known.has(name))
      throw mismatch('EXHIBIT_MEMBER_UNKNOWN', `${name} belongs to no item of the exhibit`, { name });
  }
  memberOf(members, PAGE_NAME);
  if (!equalBytes(memberOf(members, CHECKPOINT_NAME), utf8Encode(document.checkpoint))) {
    throw mismatch('EXHIBIT_MEMBER_ALTERED', `${CHECKPOINT_NAME} is not the checkpoint in ${DOCUMENT_NAME}`, {
      name: CHECKPOINT_NAME,
    });
  }
}

function verifyDocumentCheckpoint(document: ExhibitDocument, trust: ExhibitTrust): VerifiedCheckpoint {
  const own = readVerifierKey(document.verifierKey);
  const logKey = trust.verifierKey === undefined ? own : readVerifierKey(trust.verifierKey);
  const checkpoint = verifyCheckpoint(document.checkpoint, { logKey, verify: trust.verify });
  if (checkpoint.size !== BigInt(document.size) || checkpoint.origin !== document.case.origin) {
    throw mismatch('EXHIBIT_COUNT_MISMATCH', 'origin or size of the exhibit is not that of its checkpoint');
  }
  if (trust.verifierKey !== undefined && trust.verifierKey !== document.verifierKey) {
    throw mismatch(
      'EXHIBIT_COUNT_MISMATCH',
      'the exhibit names another verifier key than the one its log is signed with',
    );
  }
  return checkpoint;
}

function provenEntries(document: ExhibitDocument, terms: EntryTerms): ReadonlyMap<number, ProvenEntry> {
  const entries = new Map<number, ProvenEntry>();
  for (const one of document.entries) {
    if (entries.has(one.entry)) throw mismatch('EXHIBIT_ENTRY_MISMATCH', `entry ${one.entry} is shown twice`);
    entries.set(one.entry, verifyOpenedEntry(one, terms));
  }
  return entries;
}

function provenSegments(document: ExhibitDocument, terms: EntryTerms): ReadonlyMap<number, SegmentClear> {
  const segments = new Map<number, SegmentClear>();
  for (const one of document.segments) {
    if (segments.has(one.entry)) throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `segment ${one.entry} is shown twice`);
    segments.set(one.entry, verifySegmentEntry(one, terms));
  }
  return segments;
}

function provenLeaves(
  document: ExhibitDocument,
  context: { readonly members: ExhibitMembers; readonly segments: ReadonlyMap<number, SegmentClear> },
): readonly ProvenLeaf[] {
  const seen = new Set<number>();
  return document.leaves.map((leaf) => {
    if (seen.has(leaf.index)) throw mismatch('EXHIBIT_ITEM_MISMATCH', `item ${leaf.index} stands in the exhibit twice`);
    seen.add(leaf.index);
    return verifyLeaf(leaf, context);
  });
}
