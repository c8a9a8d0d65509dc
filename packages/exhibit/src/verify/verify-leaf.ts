import { base64Decode, equalBytes, sha256Hex } from '@custody/bytes';
import {
  type DisclosedField,
  digestOfField,
  FINDING_LAYOUT,
  ITEM_LAYOUT,
  ITEM_RAW_FIELD,
  leafBytes,
  leafHash,
  rootFromInclusion,
  rootOfLeaf,
  type SegmentClear,
} from '@custody/chain';
import type { Finding } from '@custody/evidence';
import { malformed, mismatch } from '../errors.ts';
import { hex, readFieldJson } from '../field-json.ts';
import { type ItemView, viewFinding, viewItem, withheldFields } from '../leaf-view.ts';
import { mediaName } from '../member-names.ts';
import type { ExhibitLeaf } from '../model.ts';
import { type ExhibitMembers, memberOf } from './open-bag.ts';

/** A leaf that is the one the ledger committed to. `item` is null for findings and where its type or place is withheld. */
export interface ProvenLeaf {
  readonly leaf: ExhibitLeaf;
  readonly derivation: number;
  readonly item: ItemView | null;
  readonly finding: Finding | null;
  /** Fields withheld in whole or in part, by name. */
  readonly withheld: readonly string[];
}

const HASH_LENGTH = 32;

/** Throws unless opened fields, chain link and path lead to the root of the leaf's proven segment. */
export function verifyLeaf(
  leaf: ExhibitLeaf,
  context: { readonly payload: ExhibitMembers | null; readonly segments: ReadonlyMap<number, SegmentClear> },
): ProvenLeaf {
  const clear = context.segments.get(leaf.segment);
  if (clear === undefined)
    throw mismatch('EXHIBIT_SEGMENT_MISMATCH', `item ${leaf.index} names a segment that is not there`);
  if (leaf.position >= clear.count || clear.first + leaf.position !== leaf.index)
    throw itemMismatch(leaf, `item ${leaf.index} is not at the position it claims`);
  if ((leaf.role === 'finding') !== (leaf.kind === 2))
    throw itemMismatch(leaf, `item ${leaf.index} is shown as what it is not`);
  const fields = readFields(leaf, context.payload);
  if (!equalBytes(rootOf(leaf, fields, clear.count), clear.root)) {
    throw itemMismatch(
      leaf,
      `item ${leaf.index} is not the one the ledger committed to: its content, its place or its proof was altered`,
    );
  }
  // Raw records that are not at hand stand behind their digest: that withholds nothing.
  const isElsewhere = context.payload === null && leaf.raw.length > 0;
  const withheld = withheldFields(leaf.kind, fields).filter((name) => !(isElsewhere && name === 'raw'));
  const proven = { leaf, derivation: clear.derive, ...views(leaf, fields), withheld };
  verifyMedia(proven, context.payload);
  return proven;
}

function readFields(leaf: ExhibitLeaf, payload: ExhibitMembers | null): DisclosedField[] {
  const layout = leaf.kind === 1 ? ITEM_LAYOUT : FINDING_LAYOUT;
  if (leaf.fields.length !== layout.fields) throw malformed(`item ${leaf.index} has ${leaf.fields.length} fields`);
  leaf.fields.forEach((field, i) => {
    const mayBeRaw = leaf.kind === 1 && i + 1 === ITEM_RAW_FIELD;
    if ('raw' in field && !mayBeRaw) throw malformed(`field ${i + 1} of item ${leaf.index} holds no raw records`);
  });
  const rawField = leaf.kind === 1 ? leaf.fields[ITEM_RAW_FIELD - 1] : undefined;
  const isOpened = rawField !== undefined && 'raw' in rawField;
  if (isOpened !== leaf.raw.length > 0) {
    throw mismatch(
      'EXHIBIT_RAW_MISMATCH',
      `item ${leaf.index} lists raw records that its proof does not open, or none`,
      {
        index: leaf.index,
      },
    );
  }
  const raw = payload === null ? undefined : leaf.raw.map((name) => memberOf(payload, name));
  return leaf.fields.map((field, i) => {
    const read = readFieldJson(field, raw);
    if ('raw' in field && !equalBytes(digestOfField(i + 1, read), hex(field.digest)))
      throw mismatch('EXHIBIT_RAW_MISMATCH', `the raw records of item ${leaf.index} are not its own`, {
        index: leaf.index,
      });
    return read;
  });
}

/** Attachments in files of their own are those that the item commits to. */
function verifyMedia({ leaf, item }: ProvenLeaf, payload: ExhibitMembers | null): void {
  const stated = new Set(
    (item?.item.attachments ?? []).map(({ sha256 }) => (sha256 === null ? '' : mediaName(sha256))),
  );
  for (const name of leaf.media) {
    const file = payload === null ? null : memberOf(payload, name);
    if (!stated.has(name) || (file !== null && mediaName(sha256Hex(file)) !== name))
      throw mismatch('EXHIBIT_MEDIA_MISMATCH', `${name} is not an attachment of item ${leaf.index}`, {
        index: leaf.index,
      });
  }
}

function rootOf(leaf: ExhibitLeaf, fields: readonly DisclosedField[], count: number): Uint8Array {
  const previous = hex(leaf.previous);
  if (previous.length !== HASH_LENGTH) throw malformed(`the link before item ${leaf.index} is not 32 bytes`);
  return rootFromInclusion({
    index: BigInt(leaf.position),
    size: BigInt(count),
    leafHash: leafHash(leafBytes(previous, leaf.kind, rootOfLeaf(fields))),
    proof: leaf.path.map(base64Decode),
  });
}

/** Opened fields must have the shape that their numbers prescribe, or a page would show something else than was proven. */
function views(
  leaf: ExhibitLeaf,
  fields: readonly DisclosedField[],
): { item: ItemView | null; finding: Finding | null } {
  return leaf.kind === 2 ? { item: null, finding: viewFinding(fields) } : { item: viewItem(fields), finding: null };
}

function itemMismatch(leaf: ExhibitLeaf, message: string): Error {
  return mismatch('EXHIBIT_ITEM_MISMATCH', message, { index: leaf.index });
}
