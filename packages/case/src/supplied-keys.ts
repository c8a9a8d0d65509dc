import { type CborValue, decodeCbor } from '@custody/bytes';
import type { SuppliedKey } from '@custody/decode';
import { readCommitted } from '@custody/segment';
import { openSealed } from '@custody/vault';
import type { CaseDerivation } from './case-state.ts';
import { usage } from './errors.ts';
import type { Case } from './open-case.ts';

/** The keys a derivation was made with, as they were stored for `source`. */
export async function suppliedKeys(opened: Case, derivation: CaseDerivation): Promise<readonly SuppliedKey[]> {
  const source = opened.held.source;
  if (source === undefined)
    throw usage('NO_RIGHTS', 'you do not hold the compartment "source", which supplied keys are sealed to');
  const plain = openSealed(await readCommitted(opened.vault, opened.ledger, derivation.keyring), source.all);
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
