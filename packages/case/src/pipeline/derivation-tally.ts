import type { Counts } from '@custody/decode';
import type { DerivationTotals } from '../case-state.ts';
import { broken } from '../errors.ts';
import type { LeafTally } from './unit-job.ts';

/** Adds up what the units of a derivation account for. */
export class DerivationTally {
  readonly #total = { records: 0, decoded: 0, lost: 0 as number | null, notCovered: 0 };
  readonly #tally = { items: 0, findings: 0, adverse: 0, dispositions: [0, 0, 0, 0] };

  get records(): number {
    return this.#total.records;
  }

  add({ tally, counts }: { readonly tally: LeafTally; readonly counts: Counts | null }): void {
    addCounts(this.#total, counts);
    this.#tally.items += tally.items;
    this.#tally.findings += tally.findings;
    this.#tally.adverse += tally.adverse;
    tally.dispositions.forEach((count, code) => {
      this.#tally.dispositions[code] = (this.#tally.dispositions[code] as number) + count;
    });
  }

  /** Throws IntegrityError COUNTS_DO_NOT_ADD_UP: a record went missing inside custody, and nothing is closed over that. */
  totals(committed: {
    readonly segments: number;
    readonly leaves: number;
    readonly evidenceRoot: string;
  }): DerivationTotals {
    const { items, findings, adverse, dispositions } = this.#tally;
    const [inScope, outOfScope, privileged, undecided] = dispositions as [number, number, number, number];
    const { segments, evidenceRoot } = committed;
    const scoped = { inScope, outOfScope, privileged, undecided };
    const totals = { ...this.#total, items, findings, adverse, ...scoped, segments, evidenceRoot };
    const { records, decoded, lost, notCovered } = totals;
    const accounted = lost === null || records === decoded + lost + notCovered;
    if (inScope + outOfScope + privileged + undecided !== items || !accounted) throw notEqual(totals);
    if (items + findings !== committed.leaves) throw notEqual({ ...totals, leaves: committed.leaves });
    return totals;
  }
}

export function addCounts(
  total: { records: number; decoded: number; lost: number | null; notCovered: number },
  counts: Counts | null,
): void {
  if (counts === null) return;
  total.records += counts.records;
  total.decoded += counts.decoded;
  total.notCovered += counts.notCovered;
  total.lost = total.lost === null || counts.lost === null ? null : total.lost + counts.lost;
}

function notEqual(totals: Record<string, unknown>): Error {
  const message = 'the counts of this capture do not add up: a fault of custody, please report it';
  return broken('COUNTS_DO_NOT_ADD_UP', message, totals);
}
