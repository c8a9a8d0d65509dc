import { type ByteColumn, equalBytes, releaseBytes, rowBytes } from '@custody/bytes';
import {
  type DisclosedField,
  digestPart,
  FINDING_KIND,
  fieldDigest,
  HASH_LENGTH,
  ITEM_KIND,
  ITEM_RAW_FIELD,
  linkLeaves,
  PartOpener,
} from '@custody/chain';
import {
  type Disposition,
  dispositions,
  type Finding,
  factsOf,
  type Item,
  readFinding,
  readItem,
} from '@custody/evidence';
import type { Vault } from '@custody/vault';
import { type ContentCompartment, contentCompartments } from './compartment.ts';
import { broken } from './errors.ts';
import { type LeavesObject, readLeaves } from './leaves-object.ts';
import type { Ledger, LoggedSegment } from './ledger.ts';
import { leavesName, partName, partSecretName } from './object-names.ts';
import { openSecret, type PartSalts, saltSource } from './object-secret.ts';
import { decodePart, type PartContent } from './part-codec.ts';
import { readCommitted } from './read-committed.ts';
import { openPart } from './store-segment.ts';

/** Identities by compartment: what the reader holds. */
export type CompartmentIdentities = Partial<Readonly<Record<ContentCompartment, readonly string[]>>>;

/** One compartment's part of a segment, opened. */
export interface OpenedPart {
  readonly compartment: ContentCompartment;
  readonly content: PartContent;
  readonly salts: PartSalts;
  /** 0 as ingest wrote it, else the entry that had it rewritten. */
  readonly generation: number;
}

/** A segment as far as its reader may open it. */
export class OpenedSegment {
  readonly segment: LoggedSegment;
  readonly leaves: LeavesObject;
  readonly parts: readonly OpenedPart[];
  /** Link of each leaf, 32 bytes. */
  readonly links: Uint8Array;
  readonly #expunged: (index: number) => boolean;
  readonly #openers = new Map<OpenedPart, PartOpener>();

  constructor(
    segment: LoggedSegment,
    leaves: LeavesObject,
    parts: readonly OpenedPart[],
    expunged: (index: number) => boolean = () => false,
  ) {
    this.segment = segment;
    this.leaves = leaves;
    this.parts = parts;
    this.#expunged = expunged;
    const linked = linkLeaves(leaves);
    if (!equalBytes(linked.root, segment.root)) {
      throw broken(
        'CONTENT_MISMATCH',
        `the stored leaves of the segment in entry ${segment.entry} do not give its root`,
      );
    }
    this.links = linked.links;
  }

  /** Where leaf `position` lies, or null where its compartment is closed to this reader or it is expunged. */
  find(position: number): { part: OpenedPart; kind: 1 | 2; row: number } | null {
    // Between the order and the rewrite the content still stands; it is out of reach all the same.
    if (this.#expunged(this.segment.first + position)) return null;
    for (const part of this.parts) {
      const item = indexOf(part.content.itemPositions, position);
      if (item >= 0) return { part, kind: ITEM_KIND, row: item };
      const finding = indexOf(part.content.findingPositions, position);
      if (finding >= 0) return { part, kind: FINDING_KIND, row: finding };
    }
    return null;
  }

  /** Every opened leaf in order of position. */
  *opened(): Generator<OpenedLeaf> {
    for (let position = 0; position < this.segment.count; position++) {
      const leaf = this.leaf(position);
      if (leaf !== null) yield leaf;
    }
  }

  leaf(position: number): OpenedLeaf | null {
    const found = this.find(position);
    if (found === null) return null;
    const { content, compartment } = found.part;
    const index = this.segment.first + position;
    const link = this.links.subarray(position * 32, position * 32 + 32);
    if (found.kind === FINDING_KIND) {
      return { kind: 'finding', index, position, link, compartment, finding: readFinding(content.findings, found.row) };
    }
    return {
      kind: 'item',
      index,
      position,
      link,
      compartment,
      item: readItem(content.items, found.row),
      disposition: dispositions[content.codes[found.row] as number] as Disposition,
      rule: content.ruleNames[content.rules[found.row] as number] ?? '',
    };
  }

  /** Openings of every field of a leaf; the raw field of an item comes as its digest. */
  disclose(position: number): DisclosedField[] | null {
    const found = this.find(position);
    if (found === null) return null;
    return this.#opener(found.part).open({ kind: found.kind, row: found.row });
  }

  /** Salt of one field of a leaf. */
  saltOf(position: number, field: number): Uint8Array | null {
    const found = this.find(position);
    return found === null ? null : this.#opener(found.part).saltOf(found, field);
  }

  #opener(part: OpenedPart): PartOpener {
    let opener = this.#openers.get(part);
    if (opener === undefined) {
      opener = openerOf(part);
      this.#openers.set(part, opener);
    }
    return opener;
  }
}

export type OpenedLeaf =
  | {
      readonly kind: 'item';
      readonly index: number;
      readonly position: number;
      readonly link: Uint8Array;
      readonly compartment: ContentCompartment;
      readonly item: Item;
      readonly disposition: Disposition;
      readonly rule: string;
    }
  | {
      readonly kind: 'finding';
      readonly index: number;
      readonly position: number;
      readonly link: Uint8Array;
      readonly compartment: ContentCompartment;
      readonly finding: Finding;
    };

/** Opens what the reader holds keys for, and holds every object against its commit. */
export async function openSegment(
  vault: Vault,
  ledger: Ledger,
  segment: LoggedSegment,
  identities: CompartmentIdentities,
): Promise<OpenedSegment> {
  try {
    return await openNewest(vault, ledger, segment, identities);
  } catch (error) {
    if ((error as { code?: string }).code !== 'OBJECT_EXPUNGED') throw error;
    // Somebody rewrites the segment this moment: the log says where it is now.
    await ledger.refresh();
    return openNewest(vault, ledger, segment, identities);
  }
}

async function openNewest(
  vault: Vault,
  ledger: Ledger,
  segment: LoggedSegment,
  identities: CompartmentIdentities,
): Promise<OpenedSegment> {
  // All at once: over a network each is a way there and back.
  const reading = begun(readCommitted(vault, ledger, leavesName(segment)));
  const opening: Promise<OpenedPart>[] = [];
  for (const compartment of contentCompartments) {
    const held = identities[compartment];
    const generation = ledger.rewrites.current(segment, compartment, ledger.objects);
    if (held === undefined || generation === null) continue;
    opening.push(begun(openPartOf(vault, ledger, { segment, compartment, generation, held })));
  }
  const leaves = readLeaves(await reading);
  const parts: OpenedPart[] = [];
  for (const part of opening) parts.push(await part);
  return new OpenedSegment(segment, leaves, parts, (index) => ledger.rewrites.expungedBy(index) !== null);
}

async function openPartOf(
  vault: Vault,
  ledger: Ledger,
  of: {
    readonly segment: LoggedSegment;
    readonly compartment: ContentCompartment;
    readonly generation: number;
    readonly held: readonly string[];
  },
): Promise<OpenedPart> {
  const { segment, compartment, generation, held } = of;
  const secretName = partSecretName(segment, compartment, generation);
  const reading = begun(readCommitted(vault, ledger, partName(segment, compartment, generation)));
  const { identity, salts } = openSecret(await readCommitted(vault, ledger, secretName), held, secretName);
  const sealed = await reading;
  const plain = openPart(sealed, identity);
  releaseBytes(sealed);
  return { compartment, generation, salts, content: decodePart(plain) };
}

/** Its failure is met where it is awaited, in a fixed order; until then it is not an unhandled one. */
function begun<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Gives back the memory of an opened segment, some megabytes. Nothing of it may be looked at any more. */
export function releaseOpened({ leaves, links, parts }: OpenedSegment): void {
  // The columns of a part are views into what was opened, as are its digests.
  for (const { content } of parts) releaseBytes(content.rawDigests);
  for (const bytes of [leaves.roots, links]) releaseBytes(bytes);
}

/** Recomputes the commitments of an opened part from its content. Throws IntegrityError CONTENT_MISMATCH. */
export function verifyPart(segment: OpenedSegment, part: OpenedPart): void {
  const salts: Uint8Array[] = [];
  const digests = digestPart(asLeafPart(part.content), (blocks) => {
    salts.push(saltSource(part.salts)(blocks));
    return salts.at(-1) as Uint8Array;
  });
  compareRoots(segment, digests.items.roots, part.content.itemPositions);
  compareRoots(segment, digests.findings.roots, part.content.findingPositions);
  if (part.content.raw !== undefined) compareRaw(segment, part, part.content.raw);
  // A list belongs to the part; a stream was made for this.
  if ('secret' in part.salts) for (const stream of salts) releaseBytes(stream);
  for (const bytes of [digests.items.roots, digests.raw]) releaseBytes(bytes);
}

/** Source records that took the place of a destroyed original, held against what the ledger commits to. */
function compareRaw(segment: OpenedSegment, part: OpenedPart, raw: ByteColumn): void {
  const opener = openerOf(part);
  const { rawDigests, itemPositions } = part.content;
  for (let row = 0; row < itemPositions.length; row++) {
    const value = rowBytes(raw, row);
    if (value === null) continue;
    const salt = opener.saltOf({ kind: ITEM_KIND, row }, ITEM_RAW_FIELD);
    const digest = fieldDigest({ number: ITEM_RAW_FIELD, salt, value });
    if (equalBytes(digest, rawDigests.subarray(row * 32, row * 32 + 32))) continue;
    const index = segment.segment.first + (itemPositions[row] as number);
    throw broken('CONTENT_MISMATCH', `the kept source records of item ${index} are not those it was committed with`, {
      index,
    });
  }
}

/** Opens single leaves of a part. */
export function openerOf(part: OpenedPart): PartOpener {
  return new PartOpener(asLeafPart(part.content), saltSource(part.salts));
}

/** Item columns of a part as the rest of the program reads them: field 15 is absent, its digests stand apart. */
export function itemColumns(content: PartContent): readonly ByteColumn[] {
  const rows = content.itemPositions.length;
  const absent: ByteColumn = {
    bytes: new Uint8Array(0),
    ends: new Uint32Array(rows),
    absent: new Uint8Array(rows).fill(1),
  };
  return [...content.items, absent];
}

/** Facts of an opened part, for indexing. */
export function partFacts(content: PartContent): ReturnType<typeof factsOf> {
  return factsOf(itemColumns(content));
}

function asLeafPart(content: PartContent) {
  return { items: [...content.items, { digests: content.rawDigests }], findings: content.findings };
}

/** Leaves that follow each other are compared at once: nearly always that is all of them. */
function compareRoots(segment: OpenedSegment, roots: Uint8Array, positions: Uint16Array): void {
  for (let from = 0, to = 0; from < positions.length; from = to) {
    const first = positions[from] as number;
    for (to = from + 1; positions[to] === first + to - from; ) to++;
    const stated = segment.leaves.roots.subarray(first * HASH_LENGTH, (first + to - from) * HASH_LENGTH);
    const found = roots.subarray(from * HASH_LENGTH, to * HASH_LENGTH);
    if (Buffer.compare(stated, found) === 0) continue;
    const wrong = found.findIndex((byte, i) => byte !== stated[i]);
    const index = segment.segment.first + first + Math.floor(wrong / HASH_LENGTH);
    throw broken('CONTENT_MISMATCH', `the content of item ${index} does not fit its commitment in the ledger`, {
      index,
    });
  }
}

/** Positions ascend. */
function indexOf(positions: Uint16Array, wanted: number): number {
  let low = 0;
  let high = positions.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = positions[middle] as number;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
