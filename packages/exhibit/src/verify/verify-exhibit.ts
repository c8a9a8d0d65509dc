import { base64Encode, equalBytes, sha256Hex, utf8Encode } from '@custody/bytes';
import {
  readVerifierKey,
  type SegmentClear,
  type VerifiedCheckpoint,
  type VerifierKey,
  type VerifySignature,
  verifyCheckpoint,
} from '@custody/chain';
import { mismatch } from '../errors.ts';
import {
  anchorName,
  CHECKPOINT_NAME,
  DOCUMENT_NAME,
  PAGE_NAME,
  PDF_NAME,
  rawName,
  VERIFIER_NAME,
} from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { type ExhibitMembers, memberOf, openBag, verifyBagInfo } from './open-bag.ts';
import { readDocument } from './read-document.ts';
import { type ProvenAnchor, verifyAnchors } from './verify-anchors.ts';
import { verifyCounts, verifyRedactions } from './verify-counts.ts';
import { type EntryTerms, type ProvenEntry, verifyOpenedEntry, verifySegmentEntry } from './verify-entry.ts';
import { type ProvenLeaf, verifyLeaf } from './verify-leaf.ts';
import { verifyMentions } from './verify-mentions.ts';
import { verifyStatements } from './verify-statements.ts';

export interface ExhibitTrust {
  /** The key that the reader received by another way. Without it the exhibit vouches for itself. */
  readonly verifierKey?: string;
  readonly verify: VerifySignature;
  /** What the caller holds against knowledge of its own, so that it is not said to be unchecked. */
  readonly checkedElsewhere?: readonly ('witnesses' | 'tokens')[];
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
  /** What others stated of the log; tokens are read by `custody verify`, not here. */
  readonly anchors: readonly ProvenAnchor[];
  readonly notChecked: readonly string[];
}

/** A document whose every leaf was proven. */
export interface VerifiedExhibit {
  readonly verdict: ExhibitVerdict;
  readonly document: ExhibitDocument;
  /** Files of the exhibit by name, without the folder of the bag. */
  readonly payload: ExhibitMembers;
}

/** What was proven of a document, for whoever shows it. */
export interface VerifiedDocument {
  readonly document: ExhibitDocument;
  readonly checkpoint: VerifiedCheckpoint;
  readonly entries: number;
  readonly segments: number;
  readonly leaves: readonly ProvenLeaf[];
  readonly anchors: readonly ProvenAnchor[];
}

/**
 * Verifies an exhibit from its members alone: file sums, the checkpoint's signature, every entry under it, every leaf
 * under its segment, every opened field under its leaf, every count and statement that follows from them. The page is
 * `checkPage`'s. Throws on the first thing that does not hold: always a CustodyError.
 */
export function verifyExhibit(members: ExhibitMembers, trust: ExhibitTrust): VerifiedExhibit {
  const payload = openBag(members);
  const document = readDocument(memberOf(payload, DOCUMENT_NAME));
  verifyPayload(payload, document);
  verifyBagInfo(document, members, payload);
  const { checkpoint, entries, segments, leaves, anchors } = verifyDocument(document, trust, payload);
  const pinned = trust.verifierKey !== undefined;
  return {
    document,
    payload,
    verdict: {
      kind: 'exhibit',
      ok: true,
      origin: checkpoint.origin,
      checkpoint: { origin: checkpoint.origin, size: document.size, root: base64Encode(checkpoint.root) },
      verifierKey: { key: trust.verifierKey ?? document.verifierKey, source: pinned ? 'pinned' : 'self-asserted' },
      checked: { members: members.size, entries, segments, ...tally(leaves) },
      anchors,
      notChecked: notChecked(pinned, document)
        .filter((key) => !trust.checkedElsewhere?.some((one) => one === key))
        .map((key) => NOT_CHECKED[key]),
    },
  };
}

/**
 * Verifies a document. Without `payload` the raw records and attachments, which lie in files of their own, are not
 * compared with the digests that stand for them.
 */
export function verifyDocument(
  document: ExhibitDocument,
  trust: ExhibitTrust,
  payload: ExhibitMembers | null = null,
): VerifiedDocument {
  const { checkpoint, logKey } = verifyDocumentCheckpoint(document, trust);
  const terms = { checkpoint, verify: trust.verify };
  const anchors = verifyAnchors(document, { ...terms, logKey });
  const entries = provenEntries(document, terms);
  const segments = provenSegments(document, terms);
  const leaves = provenLeaves(document, { payload, segments });
  verifyStatements(document, entries);
  verifyCounts(document, leaves);
  verifyRedactions(document, leaves);
  verifyMentions(document);
  return { document, checkpoint, entries: entries.size, segments: segments.size, leaves, anchors };
}

/** Segments of a document that stand under its checkpoint. */
export function provenSegmentsOf(document: ExhibitDocument, trust: ExhibitTrust): ReadonlyMap<number, SegmentClear> {
  const { checkpoint } = verifyDocumentCheckpoint(document, trust);
  return provenSegments(document, { checkpoint, verify: trust.verify });
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

/** What no exhibit can show, or this one does not. */
export function notChecked(
  pinned: boolean,
  { pdf, anchors, mentions = [] }: Pick<ExhibitDocument, 'pdf' | 'anchors' | 'mentions'>,
): (keyof typeof NOT_CHECKED)[] {
  return [
    ...(pinned ? [] : (['key'] as const)),
    'later',
    ...(anchors.length === 0 ? (['time'] as const) : []),
    ...(anchors.some(({ witnesses }) => witnesses.length > 0) ? (['witnesses'] as const) : []),
    ...(anchors.some(({ tsa }) => tsa !== null) ? (['tokens'] as const) : []),
    'author',
    'producer',
    ...(mentions.length === 0 ? [] : (['mentions'] as const)),
    ...(pdf === null ? [] : (['pdf'] as const)),
  ];
}

/** Said where nobody found them again; whoever has the extractor does. */
export const MENTIONS_NOT_CHECKED: string =
  'what was found in the texts (mentions): the tool derived it, the log does not commit to it; only that it lies in what is shown';

/** What is not checked, by name, as verdicts say it. */
export const NOT_CHECKED = {
  key: 'whose key signed: the verifier key came with the exhibit itself. Pin it with --verifier-key',
  later: 'that nothing came after the checkpoint: only a later checkpoint or a witness can show that',
  time: 'when the log was written: nobody but the laboratory says so, there is no time-stamp or cosignature here',
  witnesses: 'whose keys the witnesses\u2019 are: they came with the exhibit itself',
  tokens: 'the time-stamps: "custody verify" reads them, and "openssl ts -verify" with the files in anchors/',
  author: 'who wrote a message: see what each item says under authentication',
  producer:
    'the producer\u2019s own statements: reference, producer, name of a capture, how the items were chosen, how many items of a conversation the case holds, what was received and not used, reasons of redactions, translations, notes',
  mentions: MENTIONS_NOT_CHECKED as string,
  pdf: 'that the PDF says what exhibit.json holds: only that it is the file the exhibit names',
} as const;

/** Every file is one that the document names or that every exhibit has. */
function verifyPayload(payload: ExhibitMembers, document: ExhibitDocument): void {
  const known = new Set([DOCUMENT_NAME, PAGE_NAME, CHECKPOINT_NAME, VERIFIER_NAME]);
  if (document.pdf !== null) known.add(PDF_NAME);
  verifyAnchorFiles(payload, document, known);
  for (const leaf of document.leaves) {
    leaf.raw.forEach((name, i) => {
      if (name !== rawName(leaf.index, i))
        throw misnamed(
          'EXHIBIT_RAW_MISMATCH',
          `item ${leaf.index} names the raw records of something else`,
          leaf.index,
        );
      known.add(name);
    });
    for (const name of leaf.media) known.add(name);
  }
  for (const name of payload.keys()) {
    if (!known.has(name))
      throw mismatch('EXHIBIT_MEMBER_UNKNOWN', `${name} belongs to no item of the exhibit`, { name });
  }
  for (const name of [PAGE_NAME, VERIFIER_NAME]) memberOf(payload, name);
  if (!equalBytes(memberOf(payload, CHECKPOINT_NAME), utf8Encode(document.checkpoint)))
    throw alteredFile(CHECKPOINT_NAME, `is not the checkpoint in ${DOCUMENT_NAME}`);
  if (document.pdf !== null && sha256Hex(memberOf(payload, PDF_NAME)) !== document.pdf)
    throw alteredFile(PDF_NAME, `is not the one that ${DOCUMENT_NAME} names`);
}

/** Files of anchors are there, and are what the document says; a token is held against its checkpoint elsewhere. */
function verifyAnchorFiles(payload: ExhibitMembers, { anchors }: ExhibitDocument, known: Set<string>): void {
  for (const [i, { checkpoint, tsa, authority }] of anchors.entries()) {
    const name = anchorName(i + 1, 'checkpoint');
    if (!equalBytes(memberOf(payload, name), utf8Encode(checkpoint)))
      throw alteredFile(name, `is not the checkpoint in ${DOCUMENT_NAME}`);
    known.add(name);
    const files = [...(tsa === null ? [] : ['token.tsr' as const]), ...(authority ? ['authority.pem' as const] : [])];
    for (const file of files) {
      memberOf(payload, anchorName(i + 1, file));
      known.add(anchorName(i + 1, file));
    }
  }
}

function alteredFile(name: string, what: string): Error {
  return mismatch('EXHIBIT_MEMBER_ALTERED', `${name} ${what}`, { name });
}

function misnamed(code: 'EXHIBIT_RAW_MISMATCH', message: string, index: number): Error {
  return mismatch(code, message, { index });
}

function verifyDocumentCheckpoint(
  document: ExhibitDocument,
  trust: ExhibitTrust,
): { readonly checkpoint: VerifiedCheckpoint; readonly logKey: VerifierKey } {
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
  return { checkpoint, logKey };
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
  context: { readonly payload: ExhibitMembers | null; readonly segments: ReadonlyMap<number, SegmentClear> },
): readonly ProvenLeaf[] {
  const seen = new Set<number>();
  return document.leaves.map((leaf) => {
    if (seen.has(leaf.index)) throw mismatch('EXHIBIT_ITEM_MISMATCH', `item ${leaf.index} stands in the exhibit twice`);
    seen.add(leaf.index);
    return verifyLeaf(leaf, context);
  });
}
