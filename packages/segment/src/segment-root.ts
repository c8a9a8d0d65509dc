import { equalBytes } from '@custody/bytes';
import { digestPart, linkLeaves, segmentHeader } from '@custody/chain';
import type { Vault } from '@custody/vault';
import { compartmentsOf, place, rowsOf, type SegmentInput } from './build-segment.ts';
import { contentCompartments } from './compartment.ts';
import type { Ledger, LoggedSegment } from './ledger.ts';
import { FIRST_GENERATION, partName, partSecretName } from './object-names.ts';
import { openSecret, saltSource } from './object-secret.ts';
import { readCommitted } from './read-committed.ts';
import { selectColumns } from './select-columns.ts';

/**
 * True where a stretch that was decoded again gives the root of a committed segment, under the secrets it was committed
 * with: then every field of every leaf is the same, and no part has to be opened. False says nothing yet: another
 * root, other compartments, or a part that was written anew since.
 */
export async function givesRoot(
  at: { readonly vault: Vault; readonly ledger: Ledger },
  input: SegmentInput,
  { segment, identities }: { readonly segment: LoggedSegment; readonly identities: readonly string[] },
): Promise<boolean> {
  const { vault, ledger } = at;
  const { batch, from, to, derive, key } = input;
  const used = compartmentsOf(input);
  const roots = new Uint8Array((to - from) * 32);
  for (const compartment of contentCompartments) {
    const generation = ledger.rewrites.current(segment, compartment, ledger.objects);
    if ((generation === FIRST_GENERATION) !== used.includes(compartment)) return false;
    if (generation === null) continue;
    // An order that is not carried out yet counts already.
    if (ledger.rewrites.destroyedBy(partName(segment, compartment)) !== null) return false;
    const name = partSecretName(segment, compartment);
    const { salts } = openSecret(await readCommitted(vault, ledger, name), identities, name);
    const rows = rowsOf(input, compartment);
    const part = {
      items: selectColumns(batch.items, rows.items),
      findings: selectColumns(batch.findings, rows.findings),
    };
    const digests = digestPart(part, saltSource(salts));
    place(digests.items.roots, rows.itemPositions, roots);
    place(digests.findings.roots, rows.findingPositions, roots);
  }
  const header = segmentHeader({ derive, unit: key.unit, part: key.part, count: to - from });
  return equalBytes(linkLeaves({ header, kinds: batch.kinds.slice(from, to), roots }).root, segment.root);
}
