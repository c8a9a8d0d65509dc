import type { CaseAuthority, CaseDerivation, DerivationTotals } from './case-state.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { runDerivation } from './pipeline/run-derivation.ts';
import { prepareAgain } from './prepare-again.ts';
import type { Progress } from './progress.ts';

export interface Resumed {
  readonly derivation: CaseDerivation;
  readonly totals: DerivationTotals;
}

/** Finishes every derivation that was interrupted, with the keys it was begun with, and publishes the log again. */
export async function resume(
  opened: Case,
  options: { readonly threads?: number; readonly progress?: Progress } = {},
): Promise<readonly Resumed[]> {
  await opened.ledger.restoreView();
  const done: Resumed[] = [];
  for (const derivation of [...opened.state.derivations.values()]) {
    if (derivation.totals !== null) continue;
    const authority = opened.state.authorities.get(derivation.authority) as CaseAuthority;
    const { progress } = options;
    const { prepared, keys } = await prepareAgain(opened, derivation, progress === undefined ? {} : { progress });
    try {
      const { totals } = await runDerivation(opened, prepared, { derivation, authority, keys, ...options });
      done.push({ derivation, totals });
    } finally {
      await closePrepared(prepared);
    }
  }
  return done;
}
