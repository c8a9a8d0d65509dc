import { openSealed, type Vault } from '@custody/vault';
import { type EventField, readOpenings } from './event.ts';
import type { Ledger, LoggedCommit } from './ledger.ts';
import { readCommitted } from './read-committed.ts';

/**
 * Openings of a commit's entries, each held against its entry; as they were written anew, where an order had that done.
 * Empty where the commit has none. Throws IntegrityError OBJECT_ALTERED, CONTENT_MISMATCH.
 */
export async function readEvents(
  vault: Vault,
  ledger: Ledger,
  { commit, identities }: { readonly commit: LoggedCommit; readonly identities: readonly string[] },
): Promise<EventField[][]> {
  if (commit.events === null) return [];
  const sealed = await readCommitted(vault, ledger, ledger.rewrites.openingsNow(commit.events));
  return readOpenings(openSealed(sealed, identities), commit.entries);
}
