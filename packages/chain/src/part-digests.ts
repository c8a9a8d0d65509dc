/**
 * Fields roots of a whole part at once: the hot path of every commit and of every verification with content. It goes
 * strip by strip of some hundred leaves, column by column, so that what is worked on stays in the processor's cache.
 * SPEC.md section 2 has the bytes.
 */
import { DigestRows } from '@custody/bytes';
import { type KindWork, STRIP } from './kind-strip.ts';
import { FINDING_LAYOUT, ITEM_LAYOUT } from './kinds.ts';
import { type LeafPart, layoutPart } from './part-layout.ts';
import { type SaltSource, takeSalts } from './salts.ts';
import { digestStripHere, StripScratch } from './strip-here.ts';
import { digestStripRows, fitsRows } from './strip-rows.ts';
import { HASH_LENGTH } from './tree.ts';

/** Fields roots of one kind in a part, in order. */
export interface KindDigests {
  readonly count: number;
  /** 32 bytes a leaf. */
  readonly roots: Uint8Array;
}

export interface PartDigests {
  readonly items: KindDigests;
  readonly findings: KindDigests;
  /** Digests of the items' raw records (field 15), 32 bytes an item: what the segment keeps in their place. */
  readonly raw: Uint8Array;
}

/** Memory that one call leaves to the next; keep one a worker. */
export class PartScratch {
  readonly rows: DigestRows | null;
  #here: StripScratch | null = null;

  /** `rows` null: without WebAssembly, as where the platform has none. */
  constructor(rows: DigestRows | null = DigestRows.create()) {
    this.rows = rows;
  }

  /** Made when first needed: where there is WebAssembly it hardly ever is. */
  get here(): StripScratch {
    this.#here ??= new StripScratch();
    return this.#here;
  }
}

/**
 * Fields roots and raw digests of a part. Throws a UsageError where columns do not fit each other or salts are too few,
 * FIELDS_MAP_MALFORMED where field 14 is no CBOR map. The result does not share memory with `scratch`.
 */
export function digestPart(part: LeafPart, salts: SaltSource, scratch: PartScratch = new PartScratch()): PartDigests {
  const layout = layoutPart(part);
  const { itemCount, findingCount } = layout;
  const work = { layout, salts: takeSalts(salts, layout.blocks) };
  const raw = new Uint8Array(itemCount * HASH_LENGTH);
  const block = itemCount * ITEM_LAYOUT.fields;
  const items = digestKind(
    { ...work, columns: part.items, shape: ITEM_LAYOUT, count: itemCount, block: 0, raw },
    scratch,
  );
  const findings = digestKind(
    { ...work, columns: part.findings, shape: FINDING_LAYOUT, count: findingCount, block, raw: null },
    scratch,
  );
  return { items, findings, raw };
}

function digestKind(work: KindWork, scratch: PartScratch): KindDigests {
  const { rows } = scratch;
  const roots = new Uint8Array(work.count * HASH_LENGTH);
  for (let from = 0; from < work.count; from += STRIP) {
    const strip = { work, from, to: Math.min(from + STRIP, work.count), roots };
    if (rows !== null && fitsRows(rows, strip)) digestStripRows(rows, strip);
    else digestStripHere(scratch.here, strip);
  }
  return { count: work.count, roots };
}
