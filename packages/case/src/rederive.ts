import { SEGMENT_LEAVES_MAX } from '@custody/chain';
import type { SuppliedKey } from '@custody/decode';
import { type LeafBatch, ScopeRule } from '@custody/evidence';
import {
  givesRoot,
  type LoggedCommit,
  type LoggedSegment,
  type OpenedLeaf,
  openSegment,
  type SegmentInput,
  verifyPart,
} from '@custody/segment';
import type { CaseAuthority, CaseCapture, CaseDerivation } from './case-state.ts';
import { type FieldDifference, LeafComparer } from './compare-leaves.ts';
import { usage } from './errors.ts';
import { asMap, numberLists } from './event-fields.ts';
import { isOriginalGone } from './expunge-plan.ts';
import { sourceIdentities } from './expunge-selection.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { decisionRuns, dispositionRuns } from './pipeline/decision-runs.ts';
import { prepareAgain } from './prepare-again.ts';
import type { Progress } from './progress.ts';
import { Redecoding } from './redecoding.ts';
import { isOpenTo } from './selection.ts';
import { toolBuild } from './tool-build.ts';

/** One leaf that decodes differently now. */
export interface LeafDifference {
  readonly index: number;
  /** Names of fields that differ; none where the acting person may not open the leaf. */
  readonly fields: readonly string[];
  /** Both values of each. */
  readonly values: readonly FieldDifference[];
}

/** What decoding one derivation's original again showed. */
export interface Rederived {
  readonly derivation: number;
  readonly capture: string;
  /** `whole`: the original was decoded again. `records`: it was destroyed, and kept source records were checked one by one. */
  readonly compared: 'whole' | 'records';
  readonly segments: number;
  readonly leaves: number;
  /** Leaves whose content was expunged: nothing is left to compare. */
  readonly expunged: number;
  readonly equal: boolean;
  /** Segments that had to be opened and compared field by field: all others give the root that the ledger has. */
  readonly opened: number;
  /** Whether this very build made it: then a difference is a fault, otherwise it may be progress. */
  readonly sameBuild: boolean;
  readonly differences: readonly LeafDifference[];
  readonly problems: readonly string[];
}

/** More differences than this are counted by `equal: false` and not listed. */
const MOST_DIFFERENCES = 1000;

/**
 * Decodes the sealed originals of every derivation in force again and compares all leaves with the ledger, field by
 * field. An expunged leaf is said to be; where the original itself was destroyed, its kept source records are held
 * against their commitments. Needs `source`.
 */
export async function rederive(
  opened: Case,
  options: { readonly keys?: readonly SuppliedKey[]; readonly progress?: Progress } = {},
): Promise<readonly Rederived[]> {
  if (opened.held.source === undefined) {
    throw usage('NO_RIGHTS', 'decoding originals again needs the compartment "source", which you do not hold');
  }
  const out: Rederived[] = [];
  for (const derivation of opened.state.derivations.values()) {
    if (!derivation.current) continue;
    const capture = opened.state.captures.get(derivation.capture) as CaseCapture;
    const isGone = isOriginalGone(opened, capture);
    out.push(await (isGone ? checkRecords(opened, derivation) : rederiveOne(opened, derivation, options)));
  }
  return out;
}

async function rederiveOne(
  opened: Case,
  derivation: CaseDerivation,
  options: { readonly keys?: readonly SuppliedKey[]; readonly progress?: Progress },
): Promise<Rederived> {
  const { prepared, keys } = await prepareAgain(opened, derivation, options);
  const comparison = new Comparison(opened, derivation);
  const decoding = new Redecoding(prepared, keys);
  try {
    for (const { number, batch } of decoding.all()) await comparison.unit(number, batch);
    return comparison.result();
  } finally {
    decoding.close();
    await closePrepared(prepared);
  }
}

/** The original is no more: what was kept of it is checked against what the ledger commits to. */
async function checkRecords(opened: Case, derivation: CaseDerivation): Promise<Rederived> {
  let segments = 0;
  let leaves = 0;
  let expunged = 0;
  for (const segment of segmentsOf(opened, derivation)) {
    const read = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    for (const part of read.parts) verifyPart(read, part);
    segments++;
    for (let position = 0; position < segment.count; position++) {
      if (read.find(position) === null) expunged++;
      else leaves++;
    }
  }
  const { entry, capture, build } = derivation;
  return {
    ...{ derivation: entry, capture, compared: 'records', segments, leaves, expunged, equal: true },
    ...{ opened: segments, sameBuild: build === toolBuild().build, differences: [], problems: [] },
  };
}

function segmentsOf(opened: Case, { entry }: CaseDerivation): LoggedSegment[] {
  return opened.ledger.segments.filter((segment) => segment.derive === entry);
}

class Comparison {
  readonly #case: Case;
  readonly #derivation: CaseDerivation;
  readonly #rule: ScopeRule;
  readonly #segments: Map<string, LoggedSegment>;
  readonly #differences: LeafDifference[] = [];
  readonly #problems: string[] = [];
  #leaves = 0;
  #compared = 0;
  #opened = 0;
  #expunged = 0;
  #different = 0;
  /** Openings of the commit that was looked into last: it holds many segments. */
  #events: { commit: LoggedCommit; opened: Awaited<ReturnType<Case['openEvents']>> } | null = null;

  constructor(opened: Case, derivation: CaseDerivation) {
    this.#case = opened;
    this.#derivation = derivation;
    const authority = opened.state.authorities.get(derivation.authority) as CaseAuthority;
    this.#rule = new ScopeRule(authority.authority);
    this.#segments = new Map(
      segmentsOf(opened, derivation).map((segment) => [`${segment.unit}-${segment.part}`, segment]),
    );
  }

  async unit(unit: number, batch: LeafBatch): Promise<void> {
    const decisions = this.#rule.decide(batch.facts);
    for (let from = 0, part = 0; from < batch.count; from += SEGMENT_LEAVES_MAX, part++) {
      const to = Math.min(from + SEGMENT_LEAVES_MAX, batch.count);
      const key = { derive: this.#derivation.entry, unit, part };
      await this.#segment({ key, derive: this.#derivation.leafHash, batch, from, to, decisions });
    }
  }

  result(): Rederived {
    for (const { unit, part, first, count } of this.#segments.values()) {
      this.#problems.push(
        `unit ${unit} part ${part} (items ${first} to ${first + count - 1}) does not come out any more`,
      );
    }
    const { entry, capture, build } = this.#derivation;
    return {
      ...{ derivation: entry, capture, compared: 'whole', segments: this.#compared, leaves: this.#leaves },
      expunged: this.#expunged,
      equal: this.#different === 0 && this.#problems.length === 0,
      opened: this.#opened,
      sameBuild: build === toolBuild().build,
      differences: this.#differences,
      problems: this.#problems,
    };
  }

  async #segment(input: SegmentInput): Promise<void> {
    const { unit, part } = input.key;
    const segment = this.#segments.get(`${unit}-${part}`);
    this.#segments.delete(`${unit}-${part}`);
    const count = input.to - input.from;
    this.#leaves += count;
    if (segment === undefined) {
      this.#problems.push(`unit ${unit} part ${part} is not in the ledger: more comes out than before`);
      return;
    }
    this.#compared++;
    if (count !== segment.count) {
      this.#problems.push(`unit ${unit} part ${part} has ${count} leaves, the ledger ${segment.count}`);
    }
    if (await this.#isSame(input, segment)) return;
    this.#opened++;
    const { vault, ledger, state } = this.#case;
    const stored = await openSegment(vault, ledger, segment, sourceIdentities(this.#case));
    // The ledger's side is what was committed, and not something that stands in its place.
    for (const one of stored.parts) verifyPart(stored, one);
    const comparer = new LeafComparer(input, stored, state.history);
    for (let position = 0; position < Math.min(count, segment.count); position++) {
      const found = comparer.compare(position);
      if (found === 'expunged') this.#expunged++;
      else if (found !== 'equal') this.#differ(segment.first + position, found, stored.leaf(position));
    }
  }

  /** The root binds every field, the entry every decision: where both come out again nothing has to be opened. */
  async #isSame(input: SegmentInput, segment: LoggedSegment): Promise<boolean> {
    const { batch, decisions, from, to } = input;
    if (to - from !== segment.count) return false;
    const now = dispositionRuns(decisionRuns(batch, decisions, { from, to }));
    if (now !== (await this.#decided(segment))) return false;
    const identities = sourceIdentities(this.#case).source;
    return givesRoot(this.#case, input, { segment, identities });
  }

  /** What the segment's entry says was decided when it was committed. */
  async #decided({ entry }: LoggedSegment): Promise<string> {
    const commit = this.#case.ledger.commits.findLast(({ size }) => size <= entry);
    if (commit === undefined) return '';
    if (this.#events?.commit !== commit) this.#events = { commit, opened: await this.#case.openEvents(commit) };
    const { values } = this.#events.opened[entry - commit.size] ?? {};
    return dispositionRuns(numberLists(asMap(values?.detail), 'decisions'));
  }

  /** Values are shown to who may open the item, not to everybody who may decode. */
  #differ(index: number, values: readonly FieldDifference[], leaf: OpenedLeaf | null): void {
    this.#different++;
    if (this.#differences.length >= MOST_DIFFERENCES) return;
    const isShown = leaf !== null && isOpenTo(this.#case, leaf);
    const shown = isShown ? values : [];
    this.#differences.push({ index, fields: shown.map(({ field }) => field), values: shown });
  }
}
