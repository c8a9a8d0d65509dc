import { dispositionCode } from '@custody/evidence';
import type { CaseDerivation } from './case-state.ts';
import type { Case } from './open-case.ts';

export interface DispositionCounts {
  readonly inScope: number;
  readonly outOfScope: number;
  readonly privileged: number;
  readonly undecided: number;
}

export interface ExpungementStatus {
  readonly entry: number;
  readonly at: string;
  readonly order: string;
  readonly reference: string;
  readonly issuedBy: string;
  readonly mode: string;
  readonly leaves: number;
  readonly by: string;
  /** `unfinished`: the order is recorded and "custody resume" has to carry it out to its end. */
  readonly state: 'done' | 'unfinished';
}

export interface DecisionStatus {
  readonly entry: number;
  readonly at: string;
  readonly by: string;
  readonly authority: string | null;
  readonly rule: string;
  readonly privilege: string | null;
  readonly items: number;
  readonly state: 'done' | 'unfinished';
}

/** Orders and decisions up to log size `at`. */
export function historyStatus(
  opened: Case,
  at: number = Number.POSITIVE_INFINITY,
): { readonly expungements: ExpungementStatus[]; readonly decisions: DecisionStatus[] } {
  const { history } = opened.state;
  const moving = new Set(opened.ledger.rewrites.all.map(({ entry }) => entry));
  const stateOf = (entry: number) => (!moving.has(entry) || history.finished.has(entry) ? 'done' : 'unfinished');
  return {
    expungements: history.expungements
      .filter(({ entry }) => entry < at)
      .map(({ entry, time, order, mode, leaves, by }) => ({
        ...{ entry, at: new Date(time).toISOString(), order: order.id, reference: order.reference },
        ...{ issuedBy: order.issuedBy, mode, by, state: stateOf(entry) },
        leaves: leaves.reduce((sum, [, count]) => sum + count, 0),
      })),
    decisions: history.decisions
      .filter(({ entry }) => entry < at)
      .map(({ entry, time, by, authority, rule, privilege, runs }) => ({
        ...{ entry, at: new Date(time).toISOString(), by, authority, rule, privilege, state: stateOf(entry) },
        items: runs.reduce((sum, [, count]) => sum + count, 0),
      })),
  };
}

/** What later orders and decisions made of one derivation. */
export function derivationHistory(
  opened: Case,
  { entry, totals }: CaseDerivation,
  at: number = Number.POSITIVE_INFINITY,
): { readonly expunged: number; readonly dispositions: DispositionCounts | null } {
  const { history } = opened.state;
  const orders = history.expungements.filter((one) => one.entry < at);
  let expunged = 0;
  const shift = [0, 0, 0, 0];
  if (orders.length > 0 || history.decisions.length > 0) {
    for (const segment of opened.ledger.segments) {
      if (segment.derive !== entry) continue;
      for (const { leaves } of orders) for (const range of leaves) expunged += overlap(range, segment);
      for (const [code, change] of history.shifts(segment.first, segment.count, at).entries())
        shift[code] = (shift[code] ?? 0) + change;
    }
  }
  const now = (key: keyof DispositionCounts, code: number) => (totals?.[key] ?? 0) + (shift[code] ?? 0);
  const dispositions = {
    inScope: now('inScope', dispositionCode['in-scope']),
    outOfScope: now('outOfScope', dispositionCode['out-of-scope']),
    privileged: now('privileged', dispositionCode.privileged),
    undecided: now('undecided', dispositionCode.undecided),
  };
  return { expunged, dispositions: totals === null ? null : dispositions };
}

function overlap([at, many]: readonly [number, number], { first, count }: { first: number; count: number }): number {
  return Math.max(0, Math.min(at + many, first + count) - Math.max(at, first));
}
