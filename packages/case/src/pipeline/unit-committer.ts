import { base64Encode, type CborValue, concatBytes } from '@custody/bytes';
import { evidenceRoot } from '@custody/chain';
import { ScopeRule } from '@custody/evidence';
import type { CaseAuthority, CaseDerivation, DerivationTotals } from '../case-state.ts';
import type { Case } from '../open-case.ts';
import type { DerivationTally } from './derivation-tally.ts';
import type { SegmentResult } from './unit-job.ts';

/** Segments a commit: a signature and two syncs each, shared by this many. */
const SEGMENTS_A_COMMIT = 16;

export interface CommitTerms {
  readonly derivation: CaseDerivation;
  readonly authority: CaseAuthority;
}

/**
 * Commits the stored segments of one derivation in the order they are taken: capture order. Several may do so at once:
 * a commit is created once, and who loses leaves out what is in.
 */
export class UnitCommitter {
  readonly #case: Case;
  readonly #terms: CommitTerms;
  readonly #ruleNames: readonly string[];
  #pending: SegmentResult[] = [];

  constructor(opened: Case, terms: CommitTerms) {
    this.#case = opened;
    this.#terms = terms;
    this.#ruleNames = new ScopeRule(terms.authority.authority).names;
  }

  /** Units are committed whole and in order, so the last one that is there says how far an earlier run got; -1: none. */
  committed(): number {
    return this.#mine().reduce((last, segment) => Math.max(last, segment.unit), -1);
  }

  /** Resolves with whether something was committed now. */
  async take(segments: readonly SegmentResult[]): Promise<boolean> {
    this.#pending.push(...segments);
    if (this.#pending.length < SEGMENTS_A_COMMIT) return false;
    await this.flush();
    return true;
  }

  /** From here on the segments count: they are durable, read back, and named by a commit. */
  async flush(): Promise<void> {
    const segments = this.#pending;
    this.#pending = [];
    if (segments.length === 0) return;
    const { derivation, authority } = this.#terms;
    const drafts = segments.map(({ key, count, root, decisions }) =>
      this.#case.draft(
        'segment',
        {
          authority: authority.authority.id,
          detail: new Map<string, CborValue>([
            ['rules', [...this.#ruleNames]],
            ['decisions', decisions.map((run) => [...run])],
          ]),
        },
        { derive: derivation.entry, unit: key.unit, part: key.part, count, root },
      ),
    );
    await this.#case.append(
      drafts,
      segments.flatMap((segment) => segment.objects),
    );
  }

  /** Closes the derivation with its totals; those of another run of it that was first, where there is one. */
  async complete(tally: DerivationTally): Promise<DerivationTotals> {
    const { derivation, authority } = this.#terms;
    await this.#case.refresh();
    if (derivation.totals !== null) return derivation.totals;
    const segments = this.#mine();
    const totals = tally.totals({
      segments: segments.length,
      leaves: segments.reduce((sum, { count }) => sum + count, 0),
      evidenceRoot: base64Encode(evidenceRoot(concatBytes(segments.map((segment) => segment.root)))),
    });
    const event = this.#case.draft('complete', {
      authority: authority.authority.id,
      subject: new Map([['derivation', derivation.entry]]),
      detail: new Map([['totals', JSON.stringify(totals)]]),
    });
    await this.#case.append([event], [], { unless: () => derivation.totals !== null });
    return totals;
  }

  #mine() {
    const { entry } = this.#terms.derivation;
    return this.#case.ledger.segments.filter((segment) => segment.derive === entry);
  }
}
