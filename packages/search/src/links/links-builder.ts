import { utf8Encode } from '@custody/bytes';
import { ByteTable, grown, hashBytes } from '../byte-table.ts';
import { encodeLinks } from './links-codec.ts';

/** How two identifiers came together: by the format's own metadata, or because somebody wrote one. Never mixed. */
export const linkBases = ['metadata', 'mentioned'] as const;
export type LinkBasis = (typeof linkBases)[number];

/**
 * Gathers which identifiers stand together. Rows with the same set of identifiers and the same basis are one group, so
 * a million messages from one handset cost one group and a number each. No object is kept for a row.
 */
export class LinksBuilder {
  readonly #nodes = new ByteTable();
  readonly #types = new Map<string, number>();
  readonly #groups = new ByteTable();
  #first = new Float64Array(1024);
  #last = new Float64Array(1024);
  #rowGroups = new Uint32Array(4096);
  #rowLeaves = new Uint32Array(4096);
  #rows = 0;
  #key = new Uint32Array(64);

  /** The number of an identifier in its canonical form. */
  node(type: string, value: string): number {
    let tag = this.#types.get(type);
    if (tag === undefined) {
      tag = this.#types.size;
      this.#types.set(type, tag);
    }
    const bytes = utf8Encode(value);
    return this.#nodes.add(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length), tag);
  }

  /** An item that ties these identifiers together. `sentMs` NaN: no time. Fewer than two distinct ones tie nothing. */
  add(leafIndex: number, sentMs: number, basis: LinkBasis, nodes: readonly number[]): void {
    const distinct = [...new Set(nodes)].sort((a, b) => a - b);
    if (distinct.length < 2) return;
    if (distinct.length > this.#key.length) this.#key = new Uint32Array(distinct.length * 2);
    for (let i = 0; i < distinct.length; i++) this.#key[i] = distinct[i] as number;
    const bytes = new Uint8Array(this.#key.buffer, 0, distinct.length * 4);
    const hash = hashBytes(bytes, 0, bytes.length);
    const before = this.#groups.count;
    const group = this.#groups.add(bytes, 0, bytes.length, hash, linkBases.indexOf(basis));
    if (group === before) this.#newGroup(group);
    if (!Number.isNaN(sentMs)) {
      // Min and max with NaN as "none yet".
      if (!((this.#first[group] as number) <= sentMs)) this.#first[group] = sentMs;
      if (!((this.#last[group] as number) >= sentMs)) this.#last[group] = sentMs;
    }
    if (this.#rows === this.#rowGroups.length) {
      this.#rowGroups = grown(this.#rowGroups, this.#rows * 2);
      this.#rowLeaves = grown(this.#rowLeaves, this.#rows * 2);
    }
    this.#rowGroups[this.#rows] = group;
    this.#rowLeaves[this.#rows++] = leafIndex;
  }

  /** The index as bytes: a function of what was added, in the order it was added. */
  encode(): Uint8Array {
    const groupKeys = this.#groups;
    return encodeLinks({
      types: [...this.#types.keys()],
      nodes: this.#nodes,
      groups: groupKeys,
      first: this.#first,
      last: this.#last,
      rowGroups: this.#rowGroups.subarray(0, this.#rows),
      rowLeaves: this.#rowLeaves.subarray(0, this.#rows),
    });
  }

  #newGroup(group: number): void {
    if (group === this.#first.length) {
      this.#first = doubled(this.#first);
      this.#last = doubled(this.#last);
    }
    this.#first[group] = Number.NaN;
    this.#last[group] = Number.NaN;
  }
}

function doubled(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const bigger = new Float64Array(numbers.length * 2);
  bigger.set(numbers);
  return bigger;
}
