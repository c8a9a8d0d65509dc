import { digestPart, linkLeaves, PartScratch, type SaltSource, segmentHeader } from '@custody/chain';
import type { Decisions, LeafBatch } from '@custody/evidence';
import { compartmentOf, dispositions, LEAF_ITEM } from '@custody/evidence';
import { type ContentCompartment, contentCompartments } from './compartment.ts';
import { encodeLeaves } from './leaves-object.ts';
import type { SegmentKey } from './object-names.ts';
import { encodePart, PartMemory } from './part-codec.ts';
import { selectColumns } from './select-columns.ts';

/** What a segment is made of: one stretch of at most 4,096 leaves of a batch, decided. */
export interface SegmentInput {
  readonly key: SegmentKey;
  /** Log leaf hash of the derive entry. */
  readonly derive: Uint8Array;
  readonly batch: LeafBatch;
  readonly from: number;
  readonly to: number;
  readonly decisions: Decisions;
}

/** The compartments a stretch needs secrets for. */
export function compartmentsOf(input: SegmentInput): readonly ContentCompartment[] {
  const used = new Set<ContentCompartment>();
  for (let i = input.from; i < input.to; i++) used.add(compartmentOfLeaf(input, i));
  return contentCompartments.filter((name) => used.has(name));
}

export interface BuiltSegment {
  readonly root: Uint8Array;
  /** The leaves object, in clear. */
  readonly leaves: Uint8Array;
  /** Plaintext of each compartment's part. */
  readonly parts: ReadonlyMap<ContentCompartment, Uint8Array>;
}

/** Memory that one segment leaves to the next; keep one a worker. */
export class SegmentScratch {
  readonly digests: PartScratch = new PartScratch();
  readonly #parts = new Map<ContentCompartment, PartMemory>();

  part(compartment: ContentCompartment): PartMemory {
    const memory = this.#parts.get(compartment) ?? new PartMemory();
    this.#parts.set(compartment, memory);
    return memory;
  }
}

/**
 * A pure function of its arguments: any worker that builds the same stretch with the same salts gets the same
 * bytes, so that two workers that do the same job agree on what is stored. With `scratch` the parts are views of its
 * memory, overwritten by the next segment.
 */
export function buildSegment(
  input: SegmentInput,
  salts: ReadonlyMap<ContentCompartment, SaltSource>,
  scratch?: SegmentScratch,
): BuiltSegment {
  const count = input.to - input.from;
  const kinds = input.batch.kinds.slice(input.from, input.to);
  const roots = new Uint8Array(count * 32);
  const parts = new Map<ContentCompartment, Uint8Array>();
  for (const [compartment, source] of salts) {
    const rows = rowsOf(input, compartment);
    const items = selectColumns(input.batch.items, rows.items);
    const findings = selectColumns(input.batch.findings, rows.findings);
    const digests = digestPart({ items, findings }, source, scratch?.digests);
    place(digests.items.roots, rows.itemPositions, roots);
    place(digests.findings.roots, rows.findingPositions, roots);
    parts.set(
      compartment,
      encodePart(
        {
          itemPositions: rows.itemPositions,
          findingPositions: rows.findingPositions,
          codes: gather(input.decisions.codes, rows.items),
          rules: gather(input.decisions.rules, rows.items),
          ruleNames: input.decisions.names,
          items,
          rawDigests: digests.raw,
          findings,
        },
        scratch?.part(compartment),
      ),
    );
  }
  const { derive, key } = input;
  const header = segmentHeader({ derive, unit: key.unit, part: key.part, count });
  const { root } = linkLeaves({ header, kinds, roots });
  return { root, parts, leaves: encodeLeaves({ derive, unit: key.unit, part: key.part, kinds, roots }) };
}

/** Findings concern the capture as a whole and carry no content: they lie with the evidence. */
function compartmentOfLeaf({ batch, decisions }: SegmentInput, leaf: number): ContentCompartment {
  if (batch.kinds[leaf] !== LEAF_ITEM) return 'evidence';
  const code = decisions.codes[batch.rows[leaf] as number] as number;
  return compartmentOf(dispositions[code] ?? 'undecided');
}

export interface PartRows {
  readonly items: Uint32Array;
  readonly findings: Uint32Array;
  readonly itemPositions: Uint16Array;
  readonly findingPositions: Uint16Array;
}

/** Which rows of the batch a compartment's part holds. */
export function rowsOf(input: SegmentInput, compartment: ContentCompartment): PartRows {
  const items: number[] = [];
  const findings: number[] = [];
  const itemPositions: number[] = [];
  const findingPositions: number[] = [];
  for (let leaf = input.from; leaf < input.to; leaf++) {
    if (compartmentOfLeaf(input, leaf) !== compartment) continue;
    const isItem = input.batch.kinds[leaf] === LEAF_ITEM;
    (isItem ? items : findings).push(input.batch.rows[leaf] as number);
    (isItem ? itemPositions : findingPositions).push(leaf - input.from);
  }
  return {
    items: Uint32Array.from(items),
    findings: Uint32Array.from(findings),
    itemPositions: Uint16Array.from(itemPositions),
    findingPositions: Uint16Array.from(findingPositions),
  };
}

/** Puts the roots of a part's leaves where these stand in the segment. */
export function place(roots: Uint8Array, positions: Uint16Array, into: Uint8Array): void {
  for (let i = 0; i < positions.length; i++) {
    const to = (positions[i] as number) * 32;
    for (let k = 0; k < 32; k++) into[to + k] = roots[i * 32 + k] as number;
  }
}

function gather(values: Uint8Array, rows: Uint32Array): Uint8Array {
  const out = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
  return out;
}
