import type { ContentCompartment } from './compartment.ts';
import { FIRST_GENERATION, partName, partSecretName, type SegmentKey, segmentLabel } from './object-names.ts';
import type { LeafRange, RewriteStatement } from './rewrite-statement.ts';

/** A statement with the entry it belongs to, whose number names the generation it writes. */
export interface Rewrite extends RewriteStatement {
  readonly entry: number;
}

/** Everything the log has rewritten so far: which generation of a part is in force, what must be gone. */
export class Rewrites {
  readonly all: Rewrite[] = [];
  /** Generations after the first, ascending, by `label.compartment`. */
  readonly #generations = new Map<string, number[]>();
  /** Which entry had an object destroyed. */
  readonly #destroyed = new Map<string, number>();
  /** Openings that took the place of others, by their names before. */
  readonly #reopened = new Map<string, string>();

  add(entry: number, statement: RewriteStatement): void {
    this.all.push({ ...statement, entry });
    for (const name of statement.names) this.#destroyed.set(name, entry);
    // Of two orders that wrote the same openings anew beside each other the first counts; the other looks again.
    for (const [before, after] of statement.reopened ?? [])
      if (!this.#reopened.has(before)) this.#reopened.set(before, after);
    for (const segment of statement.segments) {
      for (const compartment of segment.compartments) this.#supersede(entry, segment, compartment);
    }
  }

  #supersede(entry: number, segment: SegmentKey, compartment: ContentCompartment): void {
    const key = `${segmentLabel(segment)}.${compartment}`;
    const before = this.#generations.get(key) ?? [];
    for (const generation of [FIRST_GENERATION, ...before]) {
      const names = [partName(segment, compartment, generation), partSecretName(segment, compartment, generation)];
      for (const name of names) if (!this.#destroyed.has(name)) this.#destroyed.set(name, entry);
    }
    this.#generations.set(key, [...before, entry]);
  }

  /** Generations of a part, committed or ordered, ascending; the first is ingest's own. */
  generations(segment: SegmentKey, compartment: ContentCompartment): readonly number[] {
    return [FIRST_GENERATION, ...(this.#generations.get(`${segmentLabel(segment)}.${compartment}`) ?? [])];
  }

  /** The newest committed generation of a part; null where the segment has no such part. */
  current(
    segment: SegmentKey,
    compartment: ContentCompartment,
    committed: { has(name: string): boolean },
  ): number | null {
    const all = this.generations(segment, compartment);
    return all.findLast((generation) => committed.has(partName(segment, compartment, generation))) ?? null;
  }

  /** The entry that had a leaf expunged, or null. */
  expungedBy(index: number): number | null {
    for (const { entry, leaves } of this.all) if (holds(leaves, index)) return entry;
    return null;
  }

  /** The object that holds a commit's openings now. */
  openingsNow(events: string): string {
    let name = events;
    for (let next = this.#reopened.get(name); next !== undefined; next = this.#reopened.get(name)) name = next;
    return name;
  }

  /** The entry that had an object destroyed, or null for one that is to stand. */
  destroyedBy(name: string): number | null {
    return this.#destroyed.get(name) ?? null;
  }

  /** Names of committed objects that `rewrite` destroys. */
  destroyedOf(rewrite: Rewrite, committed: { has(name: string): boolean }): string[] {
    const out = rewrite.names.filter((name) => committed.has(name));
    for (const segment of rewrite.segments) {
      for (const compartment of segment.compartments) {
        for (const generation of this.generations(segment, compartment)) {
          if (generation >= rewrite.entry) break;
          const names = [partSecretName(segment, compartment, generation), partName(segment, compartment, generation)];
          out.push(...names.filter((name) => committed.has(name)));
        }
      }
    }
    return out;
  }
}

/** Ranges ascend. */
function holds(ranges: readonly LeafRange[], index: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const [first, count] = ranges[middle] as LeafRange;
    if (index < first) high = middle - 1;
    else if (index >= first + count) low = middle + 1;
    else return true;
  }
  return false;
}

/** Ascending, distinct numbers as ranges. */
export function rangesOf(indexes: readonly number[]): LeafRange[] {
  const out: [number, number][] = [];
  for (const index of indexes) {
    const last = out.at(-1);
    if (last !== undefined && last[0] + last[1] === index) last[1]++;
    else out.push([index, 1]);
  }
  return out;
}
