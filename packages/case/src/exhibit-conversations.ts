import { itemSlot } from '@custody/evidence';
import { conversationKey, type ExhibitConversation } from '@custody/exhibit';
import type { Chosen, Surroundings } from './exhibit-context.ts';
import type { RedactedLeaf } from './exhibit-redaction.ts';
import type { Case } from './open-case.ts';
import { derivationOf } from './selection.ts';

/** Without these a reader cannot tell which conversation an item belongs to. */
const NAMING = [itemSlot.type, itemSlot.locator, itemSlot.conversation];

/** What is shown of each conversation and how much of it the producer could have shown. */
export function conversationsOf(
  opened: Case,
  leaves: readonly RedactedLeaf[],
  around: Surroundings,
): ExhibitConversation[] {
  const out = new Map<string, ExhibitConversation>();
  for (const leaf of leaves) {
    const { one } = leaf;
    if (one.role === 'finding') continue;
    const nameWithheld = NAMING.some((slot) => 'digest' in (leaf.fields[slot - 1] ?? {}));
    const derivation = one.segment.derive;
    const key = conversationKey(derivation, nameWithheld ? undefined : one.conversation);
    const known = out.get(key);
    if (known !== undefined) out.set(key, { ...known, shown: known.shown + 1 });
    else out.set(key, { ...statementOn(opened, one, around), ...(nameWithheld && NAMELESS), nameWithheld, shown: 1 });
  }
  return [...out.values()];
}

/** Items whose conversation is withheld may belong to several. */
const NAMELESS = { conversation: null, held: 'unknown', withheld: 'unknown', findings: [] } as const;

function statementOn(
  opened: Case,
  one: Chosen,
  around: Surroundings,
): Omit<ExhibitConversation, 'shown' | 'nameWithheld'> {
  const derivation = one.segment.derive;
  const key = conversationKey(derivation, one.conversation);
  const totals = derivationOf(opened, one.segment).totals;
  // Which conversation a withheld item belongs to is itself withheld.
  const isAllInScope = totals !== null && totals.outOfScope + totals.privileged + totals.undecided === 0;
  const findings = around.findings.filter((finding) => around.touched.get(finding.index)?.has(key) === true);
  return {
    derivation,
    conversation: one.conversation,
    held: around.held.get(key) ?? 0,
    withheld: isAllInScope ? 0 : 'unknown',
    findings: findings.map((finding) => finding.index),
  };
}
