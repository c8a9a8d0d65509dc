import type { Scratch } from '@custody/decode';
import type { Case } from '../open-case.ts';
import { leavesInForce, SegmentCache } from '../selection.ts';
import { contentKey, identityKeys } from './content-key.ts';
import { type Group, KeyTable } from './key-table.ts';
import { PAIR_WITHIN_MS } from './pair-up.ts';
import { pairTexts, TEXT_WIDTH, textRow, ZoneVotes } from './text-pairs.ts';

/** Ways to recognise a record, the surest first; the second one by the nearest time, the last after those by text. */
const STEPS = 6;
const BY_TIME = 1;
const BY_SENDER = 5;
const MOST_CANDIDATES = 4096;

/** One bit for each leaf of the case. */
class Marks {
  readonly #bits: Uint8Array;
  readonly #length: number;

  constructor(length: number) {
    this.#bits = new Uint8Array(Math.ceil(length / 8));
    this.#length = length;
  }

  set(index: number): void {
    this.#bits[index >>> 3] = (this.#bits[index >>> 3] as number) | (1 << (index & 7));
  }

  has(index: number): boolean {
    return ((this.#bits[index >>> 3] as number) & (1 << (index & 7))) !== 0;
  }

  *all(): Generator<number> {
    for (let index = 0; index < this.#length; index++) if (this.has(index)) yield index;
  }
}

/**
 * Which items of two captures are the same record, by their content and then by what identifies them. Memory: six bytes
 * for each leaf of the case; all else stands in scratch, encrypted.
 */
export class ContentPairs {
  /** Items that are equal in both. */
  same = 0;
  readonly #opened: Case;
  readonly #scratch: Scratch;
  readonly #left: { readonly a: Marks; readonly b: Marks };
  /** Further copies of what both have. */
  readonly #copies: Marks;
  /** Of an item of A that was recognised in B: its number there, and one. */
  readonly #partner: Uint32Array;
  readonly #paired: Marks;
  readonly #byText: Marks;
  readonly #undecided: Marks;

  constructor(opened: Case, scratch: Scratch) {
    this.#opened = opened;
    this.#scratch = scratch;
    const { leaves } = opened.ledger;
    this.#left = { a: new Marks(leaves), b: new Marks(leaves) };
    this.#copies = new Marks(leaves);
    this.#paired = new Marks(leaves);
    this.#byText = new Marks(leaves);
    this.#undecided = new Marks(leaves);
    this.#partner = new Uint32Array(leaves);
  }

  async read(a: string, b: string): Promise<void> {
    const content = new KeyTable(this.#scratch, 2);
    for await (const { leaf, derivation } of leavesInForce(this.#opened)) {
      if (leaf === null || leaf.kind !== 'item' || (derivation.capture !== a && derivation.capture !== b)) continue;
      // What a delivery says of its own files is no part of what it delivers.
      if (leaf.item.platform === 'delivery') continue;
      content.add(contentKey(leaf.item), leaf.index, derivation.capture === a ? 0 : 1);
    }
    for (const group of content.groups()) this.#take(group);
    const { steps, texts, votes } = await this.#identified();
    for (const [step, table] of steps.entries()) {
      if (step === BY_SENDER) this.#recogniseTexts(texts, votes);
      for (const group of table.groups()) this.#recognise(group, step);
    }
  }

  /** Pairs that are not equal, in the order of the first capture. */
  *pairs(): Generator<readonly [number, number]> {
    for (const index of this.#left.a.all()) {
      const partner = this.#partner[index] as number;
      if (partner > 0) yield [index, partner - 1];
    }
  }

  *only(side: 'a' | 'b'): Generator<number> {
    for (const index of this.#left[side].all()) if (!this.#paired.has(index)) yield index;
  }

  isCopy(index: number): boolean {
    return this.#copies.has(index);
  }

  /** Of an item of the first capture: it was recognised by its text and time, whoever its parties are called. */
  isByText(index: number): boolean {
    return this.#byText.has(index);
  }

  /** The other capture has the same text, at a time that cannot be compared. */
  isUndecided(index: number): boolean {
    return this.#undecided.has(index);
  }

  /** Equal items: as many as both have are the same, the others are left. */
  #take(group: Group): void {
    const of = (side: number) => group.filter((row) => row[1] === side).map(([index = 0]) => index);
    const [inA, inB] = [of(0), of(1)];
    const common = Math.min(inA.length, inB.length);
    this.same += common;
    for (const index of inA.slice(common)) this.#left.a.set(index);
    for (const index of inB.slice(common)) this.#left.b.set(index);
    if (common > 0) for (const index of [...inA.slice(common), ...inB.slice(common)]) this.#copies.set(index);
  }

  /** What is left, by each way to recognise it. Further copies are left alone. */
  async #identified(): Promise<Record<'texts' | 'votes', KeyTable> & { readonly steps: readonly KeyTable[] }> {
    const steps = Array.from({ length: STEPS }, () => new KeyTable(this.#scratch, 3));
    const [texts, votes] = [new KeyTable(this.#scratch, TEXT_WIDTH), new KeyTable(this.#scratch, TEXT_WIDTH)];
    for (const side of ['a', 'b'] as const) {
      const cache = new SegmentCache(this.#opened);
      for (const index of this.#left[side].all()) {
        if (this.#copies.has(index)) continue;
        const read = await cache.leaf(index);
        if (read === null || read.leaf.kind !== 'item') continue;
        const sent = read.leaf.item.sentAt?.utc ?? Number.NaN;
        for (const [step, key] of identityKeys(read.leaf.item).entries()) {
          if (key !== null) steps[step]?.add(key, index, side === 'a' ? 0 : 1, sent);
        }
        const [key, row] = textRow(read.leaf.item, index, side === 'a' ? 0 : 1) ?? [];
        if (key !== undefined) for (const table of [texts, votes]) table.add(key, ...(row ?? []));
      }
    }
    return { steps, texts, votes };
  }

  #recogniseTexts(texts: KeyTable, votes: KeyTable): void {
    const isFree = (row: Float64Array) => !this.#paired.has(row[0] as number);
    const zones = new ZoneVotes();
    for (const group of votes.groups()) zones.add(group.filter(isFree));
    const proven = zones.proven();
    for (const group of texts.groups()) {
      const { pairs, undecided, copies } = pairTexts(group.filter(isFree), proven);
      for (const [a, b] of pairs) {
        this.#byText.set(a);
        this.#pair(a, b);
      }
      for (const index of undecided) this.#undecided.set(index);
      for (const index of copies) this.#copies.set(index);
    }
  }

  #recognise(group: Group, step: number): void {
    const byTime = step === BY_TIME;
    const isFree = (index: number) => !this.#paired.has(index) && !this.#undecided.has(index);
    const free = (side: number) => group.filter((row) => row[1] === side && isFree(row[0] as number));
    const waiting = free(1);
    // Several of one sender in one minute, and not as many on each side: which is which nobody can tell.
    if (step === BY_SENDER && free(0).length !== waiting.length) return;
    let next = 0;
    for (const one of free(0)) {
      if (!byTime) {
        const other = waiting[next++];
        if (other === undefined) return;
        this.#pair(one[0] as number, other[0] as number);
        continue;
      }
      const at = nearest(one, waiting);
      if (at >= 0) this.#pair(one[0] as number, waiting.splice(at, 1)[0]?.[0] as number);
    }
  }

  #pair(a: number, b: number): void {
    this.#partner[a] = b + 1;
    this.#paired.set(a);
    this.#paired.set(b);
  }
}

/** Which of them is nearest in time, and near enough; -1: none. */
function nearest(one: Float64Array, waiting: readonly Float64Array[]): number {
  let best = -1;
  let least = PAIR_WITHIN_MS;
  for (const [i, other] of waiting.slice(0, MOST_CANDIDATES).entries()) {
    const distance = Math.abs((other[2] as number) - (one[2] as number));
    if (!(distance <= least) || (best >= 0 && distance === least)) continue;
    best = i;
    least = distance;
  }
  return best;
}
