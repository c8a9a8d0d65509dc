import { IntegrityError } from '@custody/bytes';
import { type LoggedSegment, type OpenedLeaf, type OpenedSegment, openSegment } from '@custody/segment';
import type { CaseDerivation } from './case-state.ts';
import { usage } from './errors.ts';
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
    return leaf === null ? null : { leaf, segment };
  }
}

/** Every leaf in force that the acting person may open, in log order. */
export async function* leavesInForce(
  opened: Case,
  options: { readonly all?: boolean } = {},
): AsyncGenerator<{ leaf: OpenedLeaf; derivation: CaseDerivation }> {
  for (const segment of segmentsInForce(opened, options.all)) {
    const read = await openSegment(opened.vault, opened.ledger, segment, opened.contentIdentities);
    const derivation = derivationOf(opened, segment);
    for (const leaf of read.opened()) yield { leaf, derivation };
  }
}
