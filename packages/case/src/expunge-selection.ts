import { type ByteColumn, hexEncode, rowBytes } from '@custody/bytes';
import { type ExpungementOrder, itemSlot, orderedItems } from '@custody/evidence';
import {
  type CompartmentIdentities,
  type ContentCompartment,
  contentCompartments,
  type LeafRange,
  type LoggedSegment,
  openSegment,
  type RewrittenSegment,
} from '@custody/segment';
import type { CaseExpungement } from './case-history.ts';
import type { CaseDerivation } from './case-state.ts';
import { usage } from './errors.ts';
import type { Case } from './open-case.ts';
import { selectByIndex } from './query-case.ts';
import { derivationOf, segmentOfLeaf } from './selection.ts';

/** Leaves that an order concerns, ascending. */
export interface SelectedLeaves {
  /** All that the order names, expunged before or not. */
  readonly named: readonly number[];
  readonly leaves: readonly number[];
  /** How many of them are the same records in other derivations of the same captures. */
  readonly copies: number;
  /** How many the order names that were expunged before. */
  readonly before: number;
}

/** The identity of `source` opens every compartment's part. Throws UsageError NO_RIGHTS. */
export function sourceIdentities(opened: Case): CompartmentIdentities & { readonly source: readonly string[] } {
  const { source } = opened.held;
  if (source === undefined) throw usage('NO_RIGHTS', 'this needs the compartment "source", which you do not hold');
  const own = source.all;
  return { source: own, evidence: own, withheld: own, privileged: own };
}

/** Resolves what an order names, and finds the same records in every other derivation. */
export async function selectForOrder(opened: Case, order: ExpungementOrder): Promise<SelectedLeaves> {
  const named = new Set<number>(orderedItems(order));
  for (const index of named) segmentOfLeaf(opened, index);
  for (const sha256 of order.captures ?? []) addCapture(opened, sha256.toLowerCase(), named);
  if (order.selection !== undefined) for (const index of await selectByIndex(opened, order.selection)) named.add(index);
  const { rewrites } = opened.ledger;
  const fresh = [...named].filter((index) => rewrites.expungedBy(index) === null);
  const copies = (await sameRecords(opened, fresh)).filter((index) => !named.has(index));
  const leaves = [...fresh, ...copies].sort((a, b) => a - b);
  return { named: [...named], leaves, copies: copies.length, before: named.size - fresh.length };
}

function addCapture(opened: Case, sha256: string, into: Set<number>): void {
  if (!opened.state.captures.has(sha256)) throw usage('ITEM_UNKNOWN', `the case has no capture ${sha256}`);
  for (const segment of opened.ledger.segments) {
    if (derivationOf(opened, segment).capture !== sha256) continue;
    for (let i = 0; i < segment.count; i++) into.add(segment.first + i);
  }
}

/**
 * Items of other derivations of the same captures that come from the same place in them: a superseded derivation holds
 * the same content under other numbers.
 */
async function sameRecords(opened: Case, indexes: readonly number[]): Promise<number[]> {
  const byDerivation = Map.groupBy(indexes, (index) => segmentOfLeaf(opened, index).derive);
  const wanted = new Map<string, Set<string>>();
  for (const [derive, own] of byDerivation) {
    const { capture } = opened.state.derivations.get(derive) as CaseDerivation;
    if (derivationsOf(opened, capture).length < 2) continue;
    const places = wanted.get(capture) ?? new Set();
    for (const [segment, leaves] of bySegment(opened, own)) {
      const positions = new Set(leaves.map((index) => index - segment.first));
      for await (const { position, place } of placesIn(opened, segment)) if (positions.has(position)) places.add(place);
    }
    wanted.set(capture, places);
  }
  const out: number[] = [];
  for (const [capture, places] of wanted) {
    for (const segment of opened.ledger.segments) {
      if (derivationOf(opened, segment).capture !== capture) continue;
      for await (const { position, place } of placesIn(opened, segment)) {
        const index = segment.first + position;
        if (places.has(place) && opened.ledger.rewrites.expungedBy(index) === null) out.push(index);
      }
    }
  }
  return out;
}

export function derivationsOf(opened: Case, capture: string): CaseDerivation[] {
  return [...opened.state.derivations.values()].filter((one) => one.capture === capture);
}

/** Item positions of a segment, each with its locator as committed. */
async function* placesIn(
  opened: Case,
  segment: LoggedSegment,
): AsyncGenerator<{ readonly position: number; readonly place: string }> {
  const read = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
  for (const { content } of read.parts) {
    const column = content.items[itemSlot.locator - 1] as ByteColumn;
    for (const [row, position] of content.itemPositions.entries()) {
      const bytes = rowBytes(column, row);
      if (bytes !== null) yield { position, place: hexEncode(bytes) };
    }
  }
}

/** Leaves by the segment they lie in, in log order. */
export function bySegment(opened: Case, indexes: readonly number[]): Map<LoggedSegment, number[]> {
  const sorted = [...indexes].sort((a, b) => a - b);
  return Map.groupBy(sorted, (index) => segmentOfLeaf(opened, index));
}

/** Segments of these leaves with the compartments whose parts hold them, hidden or not. */
export async function segmentsHolding(opened: Case, indexes: readonly number[]): Promise<RewrittenSegment[]> {
  const out: RewrittenSegment[] = [];
  for (const [segment, leaves] of bySegment(opened, indexes)) {
    const wanted = new Set(leaves.map((index) => index - segment.first));
    const read = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    const holding = read.parts.filter(({ content }) =>
      [content.itemPositions, content.findingPositions].some((all) => all.some((position) => wanted.has(position))),
    );
    const compartments = holding.map(({ compartment }) => compartment);
    const { derive, unit, part } = segment;
    if (compartments.length > 0) out.push({ derive, unit, part, compartments });
  }
  return out;
}

/** Every part of every segment of these captures. */
export function allParts(opened: Case, captures: ReadonlySet<string>): RewrittenSegment[] {
  const { rewrites, objects, segments } = opened.ledger;
  const out: RewrittenSegment[] = [];
  for (const segment of segments) {
    if (!captures.has(derivationOf(opened, segment).capture)) continue;
    const has = (name: ContentCompartment) => rewrites.current(segment, name, objects) !== null;
    const { derive, unit, part } = segment;
    out.push({ derive, unit, part, compartments: contentCompartments.filter(has) });
  }
  return out;
}

/** Orders under which something of a capture was expunged. */
export function ordersOn(opened: Case, capture: string): CaseExpungement[] {
  return opened.state.history.expungements.filter(({ leaves, originals }) => {
    const isConcerned = (segment: LoggedSegment) =>
      derivationOf(opened, segment).capture === capture && overlaps(leaves, segment);
    return originals.includes(capture) || opened.ledger.segments.some(isConcerned);
  });
}

function overlaps(ranges: readonly LeafRange[], { first, count }: LoggedSegment): boolean {
  return ranges.some(([at, many]) => at < first + count && at + many > first);
}
