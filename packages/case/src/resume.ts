import { type CborValue, decodeCbor } from '@custody/bytes';
import type { SuppliedKey } from '@custody/decode';
import { readCommitted } from '@custody/segment';
import { openSealed } from '@custody/vault';
import type { CaseAuthority, CaseCapture, CaseDerivation, DerivationTotals } from './case-state.ts';
import { prepareDerivation } from './derive.ts';
import { usage } from './errors.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { runDerivation } from './pipeline/run-derivation.ts';
import type { Progress } from './progress.ts';

export interface Resumed {
  readonly derivation: CaseDerivation;
  readonly totals: DerivationTotals;
}

/** Finishes every derivation that was interrupted, with the keys it was begun with. */
export async function resume(
  opened: Case,
  options: { readonly threads?: number; readonly progress?: Progress } = {},
): Promise<readonly Resumed[]> {
  const done: Resumed[] = [];
  for (const derivation of [...opened.state.derivations.values()]) {
    if (derivation.totals !== null) continue;
    const capture = opened.state.captures.get(derivation.capture) as CaseCapture;
    const authority = opened.state.authorities.get(derivation.authority) as CaseAuthority;
    const keys = await suppliedKeys(opened, derivation);
    const { progress } = options;
    const prepared = await prepareDerivation(opened, capture, {
      keys,
      format: derivation.wantedFormat,
      ...(progress && { progress }),
    });
    try {
      const { totals } = await runDerivation(opened, prepared, { derivation, authority, keys, ...options });
      done.push({ derivation, totals });
    } finally {
      await closePrepared(prepared);
    }
  }
  return done;
}

/** The keys a derivation was made with, as they were stored for `source`. */
export async function suppliedKeys(opened: Case, derivation: CaseDerivation): Promise<readonly SuppliedKey[]> {
  const source = opened.held.source;
  if (source === undefined)
    throw usage('NO_RIGHTS', 'you do not hold the compartment "source", which supplied keys are sealed to');
  const plain = openSealed(await readCommitted(opened.vault, opened.ledger, derivation.keyring), [source.secret]);
  return (decodeCbor(plain) as readonly (readonly CborValue[])[]).map((key) => {
    const [purpose, id, bytes, passphrase, from] = key;
    return {
      for: String(purpose),
      source: String(from),
      ...(typeof id === 'string' && { id }),
      ...(bytes instanceof Uint8Array && { bytes }),
      ...(typeof passphrase === 'string' && { passphrase }),
    };
  });
}
