import { JoinedStreams } from './joined-streams.ts';
import { noStreams, type PackedStreams } from './packed-streams.ts';
import type { Stream } from './stream.ts';
import { joinOrder, noOrder, type OrderSummary } from './time-order.ts';

/** The first or last record of a stretch, to recognise a copy of it across the cut. */
export interface EdgeRecord {
  readonly row: number;
  readonly sha256: string;
  readonly offset: number;
  readonly length: number;
}

/** What a stretch of a dump leaves for the findings about the whole. Survives structured cloning. */
export interface UnitSummary {
  records: number;
  decoded: number;
  lost: number;
  /** A stretch was met of which nobody can say how many records it lost. */
  lostUnknown: boolean;
  notCovered: number;
  /** Payloads whose tag was found right, and payloads that some key was tried on. */
  verified: number;
  tried: number;
  /** Payloads decrypted that have no tag. */
  unauthenticated: number;
  /** Records that could not be read, so that their sequence number is unknown. */
  unreadable: number;
  streams: PackedStreams;
  /** More streams than are kept. */
  streamsCut: boolean;
  /** Names of fields that the profile does not use, and in how many records they stand. */
  readonly unused: [name: string, records: number][];
  first: EdgeRecord | null;
  last: EdgeRecord | null;
  /** Copies of the record before, found where two stretches meet. */
  readonly copies: { readonly first: EdgeRecord; readonly copy: EdgeRecord }[];
  toleranceMs: number;
  order: OrderSummary;
}

const MOST_UNUSED = 64;
const MOST_COPIES = 1000;

export function emptySummary(toleranceMs: number): UnitSummary {
  return {
    records: 0,
    decoded: 0,
    lost: 0,
    lostUnknown: false,
    notCovered: 0,
    verified: 0,
    tried: 0,
    unauthenticated: 0,
    unreadable: 0,
    streams: noStreams,
    streamsCut: false,
    unused: [],
    first: null,
    last: null,
    copies: [],
    toleranceMs,
    order: noOrder(),
  };
}

/** Joins the summaries of neighbouring stretches from left to right. Grows with the number of devices, not of units. */
export class SummaryJoin {
  /** Of all stretches so far; its `streams` are those of this object. */
  readonly summary: UnitSummary = emptySummary(0);
  readonly #streams = new JoinedStreams();
  readonly #unused = new Map<string, number>();

  /** Those of which there may be something to tell: of a device whose numbers go on without a gap there is nothing. */
  get streams(): Iterable<Stream> {
    return this.#streams.told;
  }

  add(later: UnitSummary): void {
    const sum = this.summary;
    sum.toleranceMs = Math.max(sum.toleranceMs, later.toleranceMs);
    sum.records += later.records;
    sum.decoded += later.decoded;
    sum.lost += later.lost;
    sum.lostUnknown ||= later.lostUnknown;
    sum.notCovered += later.notCovered;
    sum.verified += later.verified;
    sum.tried += later.tried;
    sum.unauthenticated += later.unauthenticated;
    sum.unreadable += later.unreadable;
    sum.streamsCut ||= later.streamsCut;
    joinOrder(sum.order, later.order);
    this.#edges(later);
    if (!this.#streams.add(later.streams, sum.toleranceMs)) sum.streamsCut = true;
    for (const [name, records] of later.unused) this.#name(name, records);
  }

  #edges(later: UnitSummary): void {
    const sum = this.summary;
    if (sum.last !== null && later.first !== null && sum.last.sha256 === later.first.sha256) {
      if (sum.copies.length < MOST_COPIES) sum.copies.push({ first: sum.last, copy: later.first });
    }
    sum.copies.push(...later.copies.slice(0, MOST_COPIES - sum.copies.length));
    sum.first ??= later.first;
    sum.last = later.last ?? sum.last;
  }

  #name(name: string, records: number): void {
    if (!this.#unused.has(name) && this.#unused.size >= MOST_UNUSED) return;
    this.#unused.set(name, (this.#unused.get(name) ?? 0) + records);
    this.summary.unused.length = 0;
    this.summary.unused.push(...this.#unused);
  }
}
