import { equalBytes } from '@custody/bytes';
import { type CommitObject, fieldDigest, ITEM_KIND, ITEM_RAW_FIELD, type PartOpener } from '@custody/chain';
import type { Vault } from '@custody/vault';
import { type ContentCompartment, contentCompartments } from './compartment.ts';
import { broken } from './errors.ts';
import type { Ledger, LoggedSegment } from './ledger.ts';
import { partName, partSecretName } from './object-names.ts';
import { drawSecret, freshListedSecret } from './object-secret.ts';
import { encodePart } from './part-codec.ts';
import { type OpenedPart, openerOf, openSegment, verifyPart } from './read-segment.ts';
import { type KeptRow, rewritePart } from './rewrite-part.ts';
import { type SegmentKeys, storePart } from './store-segment.ts';

/** Where an item lies from now on, and by which decision. */
export interface MovedItem {
  readonly compartment: ContentCompartment;
  readonly code: number;
  readonly rule: string;
}

/** What becomes of one segment. */
export interface SegmentChange {
  /** Number of the entry that orders it. */
  readonly generation: number;
  /** Parts that are written anew. */
  readonly compartments: readonly ContentCompartment[];
  /** Items that get another disposition, by position. */
  readonly moved?: ReadonlyMap<number, MovedItem>;
  /** Source records by position, where the original is about to be destroyed. */
  readonly raw?: ReadonlyMap<number, Uint8Array>;
}

/**
 * Writes the next generation of a segment's parts: without the leaves that the ledger says are expunged, with items
 * where they belong now. Stores and reads back, any number of times with the same result; destroys nothing. Needs the
 * identity of `source`, to which every secret is sealed. Throws IntegrityError CONTENT_MISMATCH, RAW_NOT_REPRODUCED.
 */
export async function rewriteSegment(
  place: { readonly vault: Vault; readonly ledger: Ledger },
  segment: LoggedSegment,
  change: SegmentChange,
  keys: SegmentKeys,
): Promise<readonly CommitObject[]> {
  const { vault, ledger } = place;
  const all = Object.fromEntries(contentCompartments.map((name) => [name, keys.identities]));
  const opened = await openSegment(vault, ledger, segment, all);
  const rows = { items: [] as KeptRow[], findings: [] as KeptRow[] };
  const target = new Map<KeptRow, ContentCompartment>();
  for (const part of opened.parts) {
    // What is carried over is held against the ledger first: a later fault could not be told from one made here.
    verifyPart(opened, part);
    const opener = openerOf(part);
    const isGone = (position: number) => ledger.rewrites.expungedBy(segment.first + position) !== null;
    part.content.itemPositions.forEach((position, row) => {
      if (isGone(position)) return;
      const one = keptItem({ part, opener, row, position }, change);
      rows.items.push(one);
      target.set(one, change.moved?.get(position)?.compartment ?? part.compartment);
    });
    part.content.findingPositions.forEach((position, row) => {
      if (isGone(position)) return;
      const one = { part, opener, row, position };
      rows.findings.push(one);
      target.set(one, part.compartment);
    });
  }
  const objects: CommitObject[] = [];
  for (const compartment of change.compartments) {
    const own = (all: KeptRow[]) =>
      all.filter((one) => target.get(one) === compartment).sort((a, b) => a.position - b.position);
    const written = rewritePart(own(rows.items), own(rows.findings));
    objects.push(
      ...(await storeGeneration(vault, { segment, compartment, generation: change.generation }, written, keys)),
    );
  }
  return objects;
}

function keptItem(
  at: { readonly part: OpenedPart; readonly opener: PartOpener; readonly row: number; readonly position: number },
  change: SegmentChange,
): KeptRow {
  const moved = change.moved?.get(at.position);
  const raw = change.raw?.get(at.position);
  if (raw !== undefined) checkRaw(at, raw);
  return {
    ...at,
    ...(moved !== undefined && { decided: { code: moved.code, rule: moved.rule } }),
    ...(raw !== undefined && { raw }),
  };
}

/** The original is destroyed once these stand: so they must be what was committed, to the byte. */
function checkRaw(
  { part, opener, row, position }: { part: OpenedPart; opener: PartOpener; row: number; position: number },
  value: Uint8Array,
): void {
  const salt = opener.saltOf({ kind: ITEM_KIND, row }, ITEM_RAW_FIELD);
  const stated = part.content.rawDigests.subarray(row * 32, row * 32 + 32);
  if (equalBytes(fieldDigest({ number: ITEM_RAW_FIELD, salt, value }), stated)) return;
  throw broken(
    'RAW_NOT_REPRODUCED',
    `position ${position}: the source records do not come out of the original as they were committed; nothing was destroyed`,
  );
}

async function storeGeneration(
  vault: Vault,
  of: { readonly segment: LoggedSegment; readonly compartment: ContentCompartment; readonly generation: number },
  written: ReturnType<typeof rewritePart>,
  keys: SegmentKeys,
): Promise<CommitObject[]> {
  const { segment, compartment, generation } = of;
  const secret = await drawSecret(
    vault,
    partSecretName(segment, compartment, generation),
    { recipients: keys.recipients[compartment], identities: keys.identities },
    (recipients) => freshListedSecret(written.salts, recipients),
  );
  if (!('list' in secret.salts) || !equalBytes(secret.salts.list, written.salts)) {
    const name = partSecretName(segment, compartment, generation);
    throw broken('SEGMENT_NOT_REPRODUCED', `${name} stands already with other salts. Nothing was destroyed`, { name });
  }
  const part = await storePart(vault, partName(segment, compartment, generation), encodePart(written.content), secret);
  return [secret.object, part];
}
