import { type Cut, MARGIN } from './repeated-stretches.ts';
import type { FoundMention, MentionSink } from './resolve.ts';

/** How far on either side of a cut what was found must repeat itself. */
const REACH: number = MARGIN / 2;
/** Longest stretch in which what is found may repeat itself: twice on either side of the cut. */
const LONGEST_PERIOD: number = REACH / 2;
/** Of so many pieces a period may consist: divisors of those that a cut takes together. */
const PIECES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 20, 21, 24, 28, 30, 35, 40, 42, 56, 60, 70, 84, 105, 120, 140];

/**
 * Hands over what is found in a shortened text as if all of it stood in the whole one: places behind a cut are moved, and
 * what repeats itself around a cut is repeated for what was left out. Where it does not repeat itself there, `isSound` is
 * false from then on, and the whole text has to be read.
 */
export class RestoredMentions {
  isSound = true;
  /** Mentions handed over. */
  count = 0;
  readonly #cuts: readonly Cut[];
  readonly #offset: number;
  readonly #sink: MentionSink;
  #next = 0;
  /** What the cuts passed left out. */
  #removed = 0;
  /** Found around the next cut. */
  #held: FoundMention[] = [];

  /** `offset` is where the text begins in the bytes of the caller. */
  constructor(cuts: readonly Cut[], offset: number, sink: MentionSink) {
    this.#cuts = cuts;
    this.#offset = offset;
    this.#sink = sink;
  }

  /** Takes the next mention in the shortened text. */
  add(mention: FoundMention): void {
    while (this.isSound && mention.start >= this.#place() + REACH) this.#settle();
    if (!this.isSound) return;
    const cut = this.#place();
    if (mention.start >= cut - REACH) this.#held.push(copyOf(mention));
    else if (mention.end > cut) this.isSound = false;
    else this.#emit(mention, 0);
  }

  /** Hands over what is held back. */
  finish(): void {
    while (this.isSound && this.#next < this.#cuts.length) this.#settle();
  }

  #place(): number {
    return this.#cuts[this.#next]?.at ?? Number.POSITIVE_INFINITY;
  }

  #settle(): void {
    const { at, removed, piece } = this.#cuts[this.#next] as Cut;
    const held = this.#held;
    const period = PIECES.find((count) => removed % (count * piece) === 0 && repeats(held, at, count * piece)) ?? 0;
    if (period === 0) {
      this.isSound = false;
      return;
    }
    this.#held = [];
    this.#next++;
    const before = held.filter(({ start }) => start < at);
    const again = before.filter(({ start }) => start >= at - period * piece);
    for (const mention of before) this.#emit(mention, 0);
    if (again.length > 0)
      for (let on = period * piece; on <= removed; on += period * piece)
        for (const mention of again) this.#emit(mention, on);
    this.#removed += removed;
    for (const mention of held) if (mention.start >= at) this.#emit(mention, 0);
  }

  #emit(mention: FoundMention, on: number): void {
    const { start, end } = mention;
    mention.start = start + this.#offset + this.#removed + on;
    mention.end = end + this.#offset + this.#removed + on;
    this.count++;
    this.#sink(mention);
    mention.start = start;
    mention.end = end;
  }
}

/** Whether the mentions around `at` are the same again `period` bytes on. */
function repeats(held: readonly FoundMention[], at: number, period: number): boolean {
  if (period > LONGEST_PERIOD) return false;
  const first = held.filter(({ start }) => start < at + REACH - period);
  const later = held.filter(({ start }) => start >= at - REACH + period);
  return first.length === later.length && first.every((one, k) => isSame(one, later[k] as FoundMention, period));
}

function isSame(one: FoundMention, other: FoundMention, period: number): boolean {
  const length = one.valueEnd - one.valueStart;
  if (one.start + period !== other.start || one.end + period !== other.end || one.end - one.start > LONGEST_PERIOD)
    return false;
  if (one.type !== other.type || one.tier !== other.tier || one.folds !== other.folds || one.grade !== other.grade)
    return false;
  if (one.language !== other.language || length !== other.valueEnd - other.valueStart) return false;
  for (let k = 0; k < length; k++) if (one.valueBytes[k] !== other.valueBytes[k]) return false;
  const mine = one.alternatives ?? [];
  const theirs = other.alternatives ?? [];
  return (
    mine.length === theirs.length &&
    mine.every((reading, k) => reading.type === theirs[k]?.type && reading.value === theirs[k]?.value)
  );
}

/** A mention of its own: what a sink is handed is used again. */
function copyOf(mention: FoundMention): FoundMention {
  const valueBytes = mention.valueBytes.slice(mention.valueStart, mention.valueEnd);
  return { ...mention, valueBytes, valueStart: 0, valueEnd: valueBytes.length };
}
