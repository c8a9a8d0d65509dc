import { dispositions } from '@custody/evidence';
import { type CaseDecision, decisionRun } from './case-history.ts';
import type { Case } from './open-case.ts';

/** A recorded decision about an item, as lines and exhibits show it. */
export interface DecisionJson {
  /** Log entry of the decision. */
  readonly entry: number;
  readonly at: string;
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly rule: string;
  readonly privilege?: string;
  readonly authority?: string;
  readonly reason?: string;
}

/** Decisions about an item up to log size `at`, and the last word on privilege; nothing where there is none. */
export function decisionsJson(
  opened: Case,
  index: number,
  at?: number,
): { readonly decisions?: readonly DecisionJson[]; readonly privilege?: string } {
  const { history } = opened.state;
  if (history.decisions.length === 0) return {};
  const decisions = history.decisionsOn(index, at).map((one) => decisionJson(one, index));
  const privilege = history.privilegeOf(index, at);
  return { ...(decisions.length > 0 && { decisions }), ...(privilege !== null && { privilege }) };
}

function decisionJson(decision: CaseDecision, index: number): DecisionJson {
  const { entry, time, by, rule, privilege, authority, reason } = decision;
  const [, , from, to] = decisionRun(decision, index) ?? [0, 0, 0, 0];
  return {
    ...{ entry, at: new Date(time).toISOString(), by },
    ...{ from: dispositions[from] ?? '', to: dispositions[to] ?? '', rule },
    ...(privilege !== null && { privilege }),
    ...(authority !== null && { authority }),
    ...(reason !== null && { reason }),
  };
}
