import { type ByteColumn, equalBytes, sha256 } from '@custody/bytes';
import {
  type DisclosedField,
  digestPart,
  FINDING_KIND,
  ITEM_KIND,
  linkLeaves,
  PartOpener,
  saltsOf,
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
import { openSecret } from './object-secret.ts';
import { decodePart, type PartContent } from './part-codec.ts';
import { saltStream } from './salt-stream.ts';
import { openPart } from './store-segment.ts';

/** Identities by compartment: what the reader holds. */
export type CompartmentIdentities = Partial<Readonly<Record<ContentCompartment, readonly string[]>>>;

/** One compartment's part of a segment, opened. */
export interface OpenedPart {
  readonly compartment: ContentCompartment;
  readonly content: PartContent;
  readonly saltSecret: Uint8Array;
}

/** A segment as far as its reader may open it. */
export class OpenedSegment {
  readonly segment: LoggedSegment;
  readonly leaves: LeavesObject;
  readonly parts: readonly OpenedPart[];
  /** Link of each leaf, 32 bytes. */
  readonly links: Uint8Array;
  readonly #openers = new Map<OpenedPart, PartOpener>();

  constructor(segment: LoggedSegment, leaves: LeavesObject, parts: readonly OpenedPart[]) {
    this.segment = segment;
    this.leaves = leaves;
    this.parts = parts;
    const linked = linkLeaves(leaves);
    if (!equalBytes(linked.root, segment.root)) {
      throw broken(
        'CONTENT_MISMATCH',
        `the stored leaves of the segment in entry ${segment.entry} do not give its root`,
      );
    }
    this.links = linked.links;
  }

  /** Where leaf `position` of the segment lies, or null where its compartment is closed to this reader. */
  find(position: number): { part: OpenedPart; kind: 1 | 2; row: number } | null {
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
      opener = new PartOpener(asLeafPart(part.content), saltsOf(part.saltSecret, saltStream));
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
  const leaves = readLeaves(await readCommitted(vault, ledger, leavesName(segment)));
  const parts: OpenedPart[] = [];
  for (const compartment of contentCompartments) {
    const held = identities[compartment];
    const name = partName(segment, compartment);
    if (held === undefined || !ledger.objects.has(name)) continue;
    const secret = openSecret(await readCommitted(vault, ledger, partSecretName(segment, compartment)), held);
    const content = decodePart(openPart(await readCommitted(vault, ledger, name), secret.identity.secret));
    parts.push({ compartment, content, saltSecret: secret.saltSecret });
  }
  return new OpenedSegment(segment, leaves, parts);
}

/** An object that a commit names, held against the length and hash it states. */
export async function readCommitted(vault: Vault, ledger: Ledger, name: string): Promise<Uint8Array> {
  const object = ledger.objects.get(name);
  if (object === undefined) throw broken('OBJECT_MISSING', `no commit names ${name}`, { name });
  const bytes = await vault.read(name);
  if (bytes.length !== object.length || !equalBytes(sha256(bytes), object.sha256)) {
    throw broken('OBJECT_ALTERED', `${name} is not what its commit says: it was altered or damaged`, { name });
  }
  return bytes;
}

/** Recomputes the commitments of an opened part from its content. Throws IntegrityError CONTENT_MISMATCH. */
export function verifyPart(segment: OpenedSegment, part: OpenedPart): void {
  const digests = digestPart(asLeafPart(part.content), saltsOf(part.saltSecret, saltStream));
  compareRoots(segment, digests.items.roots, part.content.itemPositions);
  compareRoots(segment, digests.findings.roots, part.content.findingPositions);
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

function compareRoots(segment: OpenedSegment, roots: Uint8Array, positions: Uint16Array): void {
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i] as number;
    const stated = segment.leaves.roots.subarray(position * 32, position * 32 + 32);
    if (!equalBytes(stated, roots.subarray(i * 32, i * 32 + 32))) {
      const index = segment.segment.first + position;
      throw broken('CONTENT_MISMATCH', `the content of item ${index} does not fit its commitment in the ledger`, {
        index,
      });
    }
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
