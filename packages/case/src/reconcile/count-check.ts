import type { Case } from '../open-case.ts';
import type { ReconcileLine } from './reconcile-line.ts';

/** Of every capture what went into each step and what came out: in = out + rejected + collapsed. Nothing is collapsed here. */
export function* countLines(opened: Case): Generator<ReconcileLine> {
  for (const derivation of opened.state.derivations.values()) {
    const { capture, totals, current } = derivation;
    if (totals === null || !current) continue;
    const { records, decoded, lost, notCovered, items } = totals;
    const named = { check: 'count', capture, collapsed: 0 };
    const rejected = lost === null ? null : lost + notCovered;
    const adds = rejected !== null && records === decoded + rejected;
    yield {
      ...named,
      step: 'decode',
      result: rejected === null ? 'unknown' : adds ? 'agrees' : 'broken',
      detail:
        rejected === null
          ? `${records} record(s) met, ${decoded} decoded; how many are lost cannot be known`
          : `${records} record(s) in, ${decoded} out, ${rejected} rejected`,
      ...{ in: records, out: decoded, rejected: rejected ?? 'unknown' },
    };
    const scoped = totals.inScope + totals.outOfScope + totals.privileged + totals.undecided;
    yield {
      ...named,
      step: 'decide',
      result: items === scoped ? 'agrees' : 'broken',
      detail: `${items} item(s) in; ${totals.inScope} in scope, ${totals.outOfScope} out, ${totals.privileged} potentially privileged, ${totals.undecided} undecided`,
      ...{ in: items, out: totals.inScope, rejected: items - totals.inScope },
    };
  }
}
