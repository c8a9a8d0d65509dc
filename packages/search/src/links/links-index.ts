import { utf8Encode } from '@custody/bytes';
import { type LinkBasis, linkBases } from './links-builder.ts';
import { type LinksColumns, readLinks } from './links-codec.ts';

/** An identifier in its canonical form. */
export interface LinkNode {
  readonly type: string;
  readonly value: string;
}

/** What ties two identifiers, on one basis. */
export interface Link {
  /** Number of the identifier at the other end. */
  readonly to: number;
  readonly basis: LinkBasis;
  /** Items that tie them. */
  readonly count: number;
  /** Milliseconds since 1970 UTC of the earliest and latest dated one; NaN: none is dated. */
  readonly first: number;
  readonly last: number;
  /** Groups that hold both, for `itemsOf`. */
  readonly groups: readonly number[];
}

/** An index of which identifiers belong together, in memory: lookups touch only what they need. */
export class LinksIndex {
  readonly #columns: LinksColumns;

  /** Throws IntegrityError INDEX_PART_MALFORMED. */
  constructor(bytes: Uint8Array) {
    this.#columns = readLinks(bytes);
  }

  get nodes(): number {
    return this.#columns.nodes;
  }

  get types(): readonly string[] {
    return this.#columns.types;
  }

  /** The number of an identifier; -1 where no item names it beside another. */
  find(type: string, value: string): number {
    const { types, nodeTypes } = this.#columns;
    const wanted = types.indexOf(type);
    if (wanted < 0) return -1;
    const bytes = utf8Encode(value);
    let low = 0;
    let high = this.#columns.nodes - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = (nodeTypes[middle] as number) - wanted || Buffer.compare(this.#bytes(middle), bytes);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  node(number: number): LinkNode {
    const type = this.#columns.types[this.#columns.nodeTypes[number] as number] as string;
    return { type, value: new TextDecoder().decode(this.#bytes(number)) };
  }

  typeOf(number: number): string {
    return this.#columns.types[this.#columns.nodeTypes[number] as number] as string;
  }

  /** First and last number of the identifiers of a type, the last not included. */
  range(type: string): readonly [from: number, to: number] {
    const { types, nodeTypes, nodes } = this.#columns;
    const wanted = types.indexOf(type);
    if (wanted < 0) return [0, 0];
    const bound = (rank: number) => {
      let low = 0;
      let high = nodes;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((nodeTypes[middle] as number) < rank) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    return [bound(wanted), bound(wanted + 1)];
  }

  /** How many distinct identifiers of a type stand beside this one by metadata. */
  degree(number: number, type: string): number {
    return this.neighbours(number, type).size;
  }

  /** Distinct identifiers of a type that stand beside this one by metadata. */
  neighbours(number: number, type: string): Set<number> {
    const { groupBases, groupNodeEnds, groupNodes, types, nodeTypes } = this.#columns;
    const wanted = types.indexOf(type);
    const seen = new Set<number>();
    for (const group of this.#groupsOf(number)) {
      if (groupBases[group] !== 0) continue;
      for (let i = startOf(groupNodeEnds, group); i < (groupNodeEnds[group] as number); i++) {
        const other = groupNodes[i] as number;
        if (other !== number && nodeTypes[other] === wanted) seen.add(other);
      }
    }
    return seen;
  }

  /** Everything tied to an identifier, by type and value; metadata before mentioned. */
  linksOf(number: number): Link[] {
    const { groupBases, groupNodeEnds, groupNodes, groupRowEnds, first, last } = this.#columns;
    const found = new Map<number, { count: number; first: number; last: number; groups: number[] }>();
    for (const group of this.#groupsOf(number)) {
      const basis = groupBases[group] as number;
      const count = (groupRowEnds[group] as number) - startOf(groupRowEnds, group);
      const [from, to] = [first[group] as number, last[group] as number];
      for (let i = startOf(groupNodeEnds, group); i < (groupNodeEnds[group] as number); i++) {
        const other = groupNodes[i] as number;
        if (other === number) continue;
        const key = other * 2 + basis;
        const known = found.get(key);
        if (known === undefined) found.set(key, { count, first: from, last: to, groups: [group] });
        else {
          known.count += count;
          if (!(known.first <= from) && !Number.isNaN(from)) known.first = from;
          if (!(known.last >= to) && !Number.isNaN(to)) known.last = to;
          known.groups.push(group);
        }
      }
    }
    const keys = Float64Array.from(found.keys()).sort();
    return [...keys].map((key) => {
      const link = found.get(key) as { count: number; first: number; last: number; groups: number[] };
      return { to: Math.floor(key / 2), basis: linkBases[key % 2] as LinkBasis, ...link };
    });
  }

  /** LeafIndex of the items behind groups, ascending, `most` of them. */
  itemsOf(groups: readonly number[], most: number): number[] {
    const { groupRowEnds, rows } = this.#columns;
    const out = new Set<number>();
    for (const group of groups) {
      const from = startOf(groupRowEnds, group);
      const to = Math.min(groupRowEnds[group] as number, from + most);
      for (let i = from; i < to; i++) out.add(rows[i] as number);
    }
    return [...Float64Array.from(out).sort()].slice(0, most);
  }

  /** Items in which an identifier stands beside another, on a basis; ascending, `most` of them, and how many in all. */
  itemsOfNode(number: number, basis: LinkBasis, most: number): { readonly items: number[]; readonly count: number } {
    const { groupBases, groupRowEnds } = this.#columns;
    const wanted = linkBases.indexOf(basis);
    const groups = [...this.#groupsOf(number)].filter((group) => groupBases[group] === wanted);
    const count = groups.reduce(
      (sum, group) => sum + (groupRowEnds[group] as number) - startOf(groupRowEnds, group),
      0,
    );
    return { items: this.itemsOf(groups, most), count };
  }

  #groupsOf(number: number): Uint32Array {
    const { nodeGroupEnds, nodeGroups } = this.#columns;
    return nodeGroups.subarray(startOf(nodeGroupEnds, number), nodeGroupEnds[number]);
  }

  #bytes(number: number): Uint8Array {
    const { arena, nodeEnds } = this.#columns;
    return arena.subarray(startOf(nodeEnds, number), nodeEnds[number]);
  }
}

function startOf(ends: Uint32Array, i: number): number {
  return i === 0 ? 0 : (ends[i - 1] as number);
}
