import { OffsetCounts } from './offset-counts.ts';
import { CITED, type ReconcileLine } from './reconcile-line.ts';

/** A message or call as one source has it: `parties` is the number of its parties' names. */
export interface Copy {
  readonly index: number;
  readonly source: number;
  readonly sent: number;
  readonly parties: number;
}

/** How a pair was recognised: the platform's id, parties and text, or text and minute alone. */
export type PairedBy = 'id' | 'parties' | 'text';

/** What two sources have in common, and what only one of them has. */
export interface SourcePair {
  readonly a: number;
  readonly b: number;
  readonly offsets: OffsetCounts;
  /** Names of the parties of what both have. */
  readonly shared: Set<string>;
  readonly by: Record<PairedBy, number>;
  /** Pairs of which one side sent and the other received. */
  mirrored: number;
  /** Pairs that both sent, or both received. */
  alike: number;
  readonly onlyA: Only;
  readonly onlyB: Only;
}

interface Only {
  count: number;
  /** The lowest item numbers. */
  items: number[];
}

/** Every two sources that have a message or call in common. */
export class SourcePairs {
  readonly #pairs = new Map<string, SourcePair>();
  readonly #bySource = new Map<number, SourcePair[]>();

  get size(): number {
    return this.#pairs.size;
  }

  all(): Iterable<SourcePair> {
    return this.#pairs.values();
  }

  of(source: number): readonly SourcePair[] {
    return this.#bySource.get(source) ?? [];
  }

  pair(
    one: Copy,
    other: Copy,
    about: { readonly parties: readonly string[]; readonly by: PairedBy; readonly sides: 'mirrored' | 'alike' | null },
  ): void {
    const [first, second] = one.source < other.source ? [one, other] : [other, one];
    const key = `${first.source} ${second.source}`;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      const none = (): Only => ({ count: 0, items: [] });
      const [a, b] = [first.source, second.source];
      const by = { id: 0, parties: 0, text: 0 };
      pair = {
        a,
        b,
        offsets: new OffsetCounts(),
        shared: new Set(),
        by,
        mirrored: 0,
        alike: 0,
        onlyA: none(),
        onlyB: none(),
      };
      this.#pairs.set(key, pair);
      for (const source of [a, b]) this.#bySource.set(source, [...this.of(source), pair]);
    }
    pair.offsets.add(second.sent - first.sent);
    pair.by[about.by]++;
    if (about.sides !== null) pair[about.sides]++;
    for (const party of about.parties) pair.shared.add(party);
  }
}

export function addOnly(only: Only, index: number): void {
  only.count++;
  only.items.push(index);
  if (only.items.length >= 4 * CITED) only.items = firstOf(only.items);
}

function firstOf(items: readonly number[]): number[] {
  return [...items].sort((x, y) => x - y).slice(0, CITED);
}

/** What is said of two sources. */
export function pairLine(
  { a, b, offsets, by, mirrored, onlyA, onlyB }: SourcePair,
  sources: readonly string[],
): ReconcileLine {
  const spread = offsets.spread() ?? { median: 0, least: 0, most: 0 };
  const { total } = offsets;
  const rate = total / (total + onlyA.count + onlyB.count);
  return {
    check: 'pairing',
    result: onlyA.count + onlyB.count === 0 ? 'agrees' : 'broken',
    ...{ a: sources[a], b: sources[b], paired: total, rate: Math.round(rate * 10_000) / 10_000 },
    ...{ onlyInA: onlyA.count, onlyInB: onlyB.count },
    clockOffsetMs: spread,
    pairedBy: { ...by },
    mirrored,
    detail:
      `${total} in both, ${onlyA.count} only in the first and ${onlyB.count} only in the second, of the parties and the time that both recorded; ` +
      `the second clock is ${spread.median} ms ahead (median)${by.text > 0 ? `; ${by.text} were paired by text and minute alone` : ''}`,
    items: firstOf([...firstOf(onlyA.items), ...firstOf(onlyB.items)]),
  };
}
