import { equalBytes, rowBytes } from '@custody/bytes';
import { SEGMENT_LEAVES_MAX, type SaltSource } from '@custody/chain';
import type { SuppliedKey } from '@custody/decode';
import { type ItemSlotName, itemSlot, LEAF_ITEM, type LeafBatch, ScopeRule } from '@custody/evidence';
import {
  buildSegment,
  type ContentCompartment,
  compartmentsOf,
  type LoggedSegment,
  leavesName,
  type OpenedSegment,
  openSecret,
  openSegment,
  partSecretName,
  readCommitted,
  readLeaves,
  type SegmentInput,
  saltSource,
} from '@custody/segment';
import type { CaseAuthority, CaseDerivation } from './case-state.ts';
import { usage } from './errors.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { prepareAgain } from './prepare-again.ts';
import type { Progress } from './progress.ts';
import { Redecoding } from './redecoding.ts';
import { toolBuild } from './tool-build.ts';

/** One leaf that decodes differently now. */
export interface LeafDifference {
  readonly index: number;
  /** Names of item fields that differ, as far as the acting person may open them; `finding` for a finding. */
  readonly fields: readonly string[];
}

/** What decoding one derivation's original again showed. */
export interface Rederived {
  readonly derivation: number;
  readonly capture: string;
  readonly segments: number;
  readonly leaves: number;
  readonly equal: boolean;
  /** Whether this very build made it: then a difference is a fault, otherwise it may be progress. */
  readonly sameBuild: boolean;
  readonly differences: readonly LeafDifference[];
  readonly problems: readonly string[];
}

/** More differences than this are counted by `equal: false` and not listed. */
const MOST_DIFFERENCES = 1000;

/**
 * Decodes the sealed originals of every derivation in force again and compares all leaves with the ledger, by
 * building each segment anew with the salts it was committed with. Needs `source`.
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
    if (derivation.current) out.push(await rederiveOne(opened, derivation, options));
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

class Comparison {
  readonly #case: Case;
  readonly #derivation: CaseDerivation;
  readonly #rule: ScopeRule;
  readonly #segments: Map<string, LoggedSegment>;
  readonly #differences: LeafDifference[] = [];
  readonly #problems: string[] = [];
  #leaves = 0;
  #compared = 0;

  constructor(opened: Case, derivation: CaseDerivation) {
    this.#case = opened;
    this.#derivation = derivation;
    const authority = opened.state.authorities.get(derivation.authority) as CaseAuthority;
    this.#rule = new ScopeRule(authority.authority);
    const mine = opened.ledger.segments.filter((segment) => segment.derive === derivation.entry);
    this.#segments = new Map(mine.map((segment) => [`${segment.unit}-${segment.part}`, segment]));
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
    return {
      derivation: this.#derivation.entry,
      capture: this.#derivation.capture,
      segments: this.#compared,
      leaves: this.#leaves,
      equal: this.#differences.length === 0 && this.#problems.length === 0,
      sameBuild: this.#derivation.build === toolBuild().build,
      differences: this.#differences,
      problems: this.#problems,
    };
  }

  async #segment(input: SegmentInput): Promise<void> {
    const label = `${input.key.unit}-${input.key.part}`;
    const segment = this.#segments.get(label);
    this.#segments.delete(label);
    this.#leaves += input.to - input.from;
    if (segment === undefined) {
      this.#problems.push(
        `unit ${input.key.unit} part ${input.key.part} is not in the ledger: more comes out than before`,
      );
      return;
    }
    this.#compared++;
    const salts = await this.#salts(input);
    if (salts === null) {
      this.#problems.push(
        `items ${segment.first} to ${segment.first + segment.count - 1}: other dispositions than those committed`,
      );
      return;
    }
    const built = buildSegment(input, salts);
    if (!equalBytes(built.root, segment.root)) await this.#differ(input, segment, built.leaves);
  }

  /** Salt secrets of the compartments that the stretch needs now; null where it needed others when it was committed. */
  async #salts(input: SegmentInput): Promise<Map<ContentCompartment, SaltSource> | null> {
    const { vault, ledger, held } = this.#case;
    const out = new Map<ContentCompartment, SaltSource>();
    for (const compartment of compartmentsOf(input)) {
      const name = partSecretName(input.key, compartment);
      if (!ledger.objects.has(name) || held.source === undefined) return null;
      out.set(compartment, saltSource(openSecret(await readCommitted(vault, ledger, name), [held.source.secret], name).salts));
    }
    return out;
  }

  async #differ(input: SegmentInput, segment: LoggedSegment, leaves: Uint8Array): Promise<void> {
    const { vault, ledger, contentIdentities } = this.#case;
    const before = readLeaves(await readCommitted(vault, ledger, leavesName(segment)));
    const now = readLeaves(leaves);
    if (now.kinds.length !== before.kinds.length) {
      this.#problems.push(
        `unit ${segment.unit} part ${segment.part} has ${now.kinds.length} leaves, the ledger ${before.kinds.length}`,
      );
    }
    const stored = await openSegment(vault, ledger, segment, contentIdentities);
    for (let i = 0; i < Math.min(now.kinds.length, before.kinds.length); i++) {
      const same =
        now.kinds[i] === before.kinds[i] &&
        equalBytes(now.roots.subarray(i * 32, i * 32 + 32), before.roots.subarray(i * 32, i * 32 + 32));
      if (same || this.#differences.length >= MOST_DIFFERENCES) continue;
      this.#differences.push({ index: segment.first + i, fields: differingFields(input, stored, i) });
    }
  }
}

function differingFields(input: SegmentInput, stored: OpenedSegment, position: number): string[] {
  const leaf = input.from + position;
  if (input.batch.kinds[leaf] !== LEAF_ITEM) return ['finding'];
  const found = stored.find(position);
  if (found === null || found.kind !== LEAF_ITEM) return [];
  const row = input.batch.rows[leaf] as number;
  return (Object.keys(itemSlot) as ItemSlotName[]).filter((name) => {
    const slot = itemSlot[name];
    if (slot === itemSlot.raw) return false;
    const before = found.part.content.items[slot - 1];
    const now = input.batch.items[slot - 1];
    if (before === undefined || now === undefined) return false;
    const [x, y] = [rowBytes(before, found.row), rowBytes(now, row)];
    return x === null || y === null ? x !== y : !equalBytes(x, y);
  });
}
