import type { EntryKind } from '@custody/chain';
import { openSealed, type Vault } from '@custody/vault';
import { broken } from './errors.ts';
import { type EventField, readOpenings, rewordedFields } from './event.ts';
import type { Ledger, LoggedCommit } from './ledger.ts';
import { readCommitted } from './read-committed.ts';

/** Events whose words are a person's; what other events say, the case and its proofs rest on, and nothing takes its place. */
export const wordedKinds: ReadonlySet<EntryKind> = new Set([
  'access',
  'mark',
  'refuse',
  'correct',
  'disclose',
  'verify',
  'dispose',
  'expunge',
]);

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
  const openings = readOpenings(openSealed(sealed, identities), commit.entries);
  for (const [i, { kind, index }] of commit.entries.entries()) {
    if (wordedKinds.has(kind) || rewordedFields(openings[i] ?? []).length === 0) continue;
    throw broken('CONTENT_MISMATCH', `log entry ${index} (${kind}) was given other words, which no order can do`);
  }
  return openings;
}
