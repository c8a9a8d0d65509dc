import { IntegrityError } from '@custody/bytes';
import { readAhead } from '@custody/search';
import {
  type CompartmentIdentities,
  type LoggedSegment,
  type OpenedLeaf,
  type OpenedSegment,
  openSegment,
} from '@custody/segment';
import { placeOfItem } from './case-history.ts';
import type { CaseDerivation } from './case-state.ts';
import { usage } from './errors.ts';
import { type ExpungedJson, expungedJson } from './expunged-json.ts';
import type { Case } from './open-case.ts';

/** Segments of derivations that are in force, in log order. Without `all`, superseded and unfinished ones are left out. */
export function segmentsInForce(opened: Case, all = false): readonly LoggedSegment[] {
  return opened.ledger.segments.filter((segment) => {
    const derivation = opened.state.derivations.get(segment.derive);
    return all || (derivation !== undefined && (derivation.current || onlyAttempt(opened, derivation)));
  });
}

/** What an interrupted first run has committed is shown: it counts already. */
function onlyAttempt(opened: Case, derivation: CaseDerivation): boolean {
  if (derivation.totals !== null) return false;
  const others = [...opened.state.derivations.values()].filter((one) => one.capture === derivation.capture);
  return others.every((one) => one.totals === null) && others.at(-1) === derivation;
}

/** The derivation that a segment belongs to. */
export function derivationOf(opened: Case, segment: LoggedSegment): CaseDerivation {
  const found = opened.state.derivations.get(segment.derive);
  if (found === undefined) {
    throw new IntegrityError(
      'COUNTS_DO_NOT_ADD_UP',
      `segment ${segment.ordinal} names a derivation that the log does not have`,
    );
  }
  return found;
}

/** Finds the segment of a LeafIndex by binary search: segments are dense and in order. */
export function segmentOfLeaf(opened: Case, index: number): LoggedSegment {
  const { segments } = opened.ledger;
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const segment = segments[middle] as LoggedSegment;
    if (index < segment.first) high = middle - 1;
    else if (index >= segment.first + segment.count) low = middle + 1;
    else return segment;
  }
  throw usage('ITEM_UNKNOWN', `there is no leaf ${index}: the case has ${opened.ledger.leaves}, numbered from 0`);
}

/** Segments whose objects are fetched while an earlier one is worked on: each is some megabytes, opened. */
const AHEAD = 4;

/** Each of these segments, opened with `identities`, in order, the next ones on their way meanwhile. */
export function openAhead(
  { vault, ledger }: Case,
  segments: readonly LoggedSegment[],
  identities: CompartmentIdentities,
): AsyncGenerator<readonly [LoggedSegment, OpenedSegment], void, undefined> {
  return readAhead(segments, AHEAD, (segment) => openSegment(vault, ledger, segment, identities));
}

/** Opened segments, a few kept: neighbouring items lie in one segment. */
export class SegmentCache {
  readonly #case: Case;
  readonly #most: number;
  readonly #open = new Map<number, OpenedSegment>();

  constructor(opened: Case, most = 8) {
    this.#case = opened;
    this.#most = most;
  }

  async open(segment: LoggedSegment): Promise<OpenedSegment> {
    const known = this.#open.get(segment.ordinal);
    if (known !== undefined) return known;
    const { vault, ledger, contentIdentities } = this.#case;
    const fresh = await openSegment(vault, ledger, segment, contentIdentities);
    if (this.#open.size >= this.#most) this.#open.delete(this.#open.keys().next().value as number);
    this.#open.set(segment.ordinal, fresh);
    return fresh;
  }

  /** The leaf, or null where its compartment is closed to the acting person. */
  async leaf(index: number): Promise<{ leaf: OpenedLeaf; segment: OpenedSegment } | null> {
    const segment = await this.open(segmentOfLeaf(this.#case, index));
    const leaf = segment.leaf(index - segment.segment.first);
    return leaf === null || !isOpenTo(this.#case, leaf) ? null : { leaf: decided(this.#case, leaf), segment };
  }
}

/** A leaf that may be shown, or what is said of one that was expunged. */
export type LeafInForce =
  | { readonly leaf: OpenedLeaf; readonly derivation: CaseDerivation }
  | {
      readonly leaf: null;
      readonly leafKind: 'item' | 'finding';
      readonly derivation: CaseDerivation;
      readonly gone: ExpungedJson;
    };

/**
 * Every leaf in force that the acting person may open, in log order, and every position that was expunged. What was
 * decided to lie in a compartment that the person does not hold is not shown, wherever it lies still.
 */
export async function* leavesInForce(
  opened: Case,
  options: { readonly all?: boolean; readonly at?: number } = {},
): AsyncGenerator<LeafInForce> {
  const { at } = options;
  const segments = segmentsInForce(opened, options.all).filter(({ entry }) => at === undefined || entry < at);
  for await (const [segment, read] of openAhead(opened, segments, opened.contentIdentities)) {
    const derivation = derivationOf(opened, segment);
    for (let position = 0; position < segment.count; position++) {
      const leaf = read.leaf(position);
      if (leaf === null) {
        const gone = expungedJson(opened, read, { position, derivation });
        const leafKind = read.leaves.kinds[position] === 2 ? 'finding' : 'item';
        if (gone !== null) yield { leaf, leafKind, derivation, gone };
      } else if (isOpenTo(opened, leaf)) yield { leaf: decided(opened, leaf, at), derivation };
    }
  }
}

/** False for what a later decision took away from the acting person, also before its content is moved. */
export function isOpenTo(opened: Case, leaf: OpenedLeaf): boolean {
  if (leaf.kind !== 'item') return true;
  return opened.held[placeOfItem(opened.state.history, leaf.index, leaf.disposition)] !== undefined;
}

/** The leaf with its disposition as the log had it at size `at`. */
export function decided(opened: Case, leaf: OpenedLeaf, at?: number): OpenedLeaf {
  const { history } = opened.state;
  if (leaf.kind !== 'item' || history.decisions.length === 0) return leaf;
  const disposition = history.dispositionOf(leaf.index, leaf.disposition, at);
  const rule = history.decisionsOn(leaf.index, at).at(-1)?.rule ?? leaf.rule;
  return { ...leaf, disposition, rule };
}
