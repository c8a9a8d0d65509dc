import { conversationKey } from '../conversation-key.ts';
import { mismatch } from '../errors.ts';
import type { ExhibitDocument } from '../model.ts';
import type { ProvenLeaf } from './verify-leaf.ts';

/** Holds counts and lists of the document against the leaves that were proven. */
export function verifyCounts(document: ExhibitDocument, leaves: readonly ProvenLeaf[]): void {
  const of = (role: string) => leaves.filter(({ leaf }) => leaf.role === role).length;
  const { shown, context } = document.completeness;
  if (shown !== of('selected') || context !== of('context'))
    throw counts('the counts of shown items are not those of the exhibit');
  verifyConversations(document, leaves);
  verifyFindingLists(document, leaves);
}

/** Every withheld field is announced, what is announced as withheld is, and each has a rule whose counts are true. */
export function verifyRedactions(document: ExhibitDocument, leaves: readonly ProvenLeaf[]): void {
  const counted = document.redactions.map(() => 0);
  for (const { leaf, withheld } of leaves) {
    const announced = new Set([...(leaf.kind === 1 ? document.redacted : []), ...leaf.withheld]);
    if (leaf.kind === 1 && leaf.raw.length === 0) announced.add('raw');
    if (withheld.length !== announced.size || !withheld.every((name) => announced.has(name)))
      throw redaction(`what is withheld of item ${leaf.index} is not what the exhibit says is withheld`, leaf.index);
    const isWithheld = withheld.some((name) => name !== 'raw');
    if (isWithheld !== leaf.because.length > 0 || new Set(leaf.because).size !== leaf.because.length)
      throw redaction(`what is withheld of item ${leaf.index} has no reason, or a reason nothing`, leaf.index);
    for (const rule of leaf.because) {
      if (counted[rule] === undefined) throw redaction(`item ${leaf.index} names a rule that is not there`, leaf.index);
      counted[rule]++;
    }
  }
  document.redactions.forEach((rule, i) => {
    if (rule.items !== counted[i]) throw redaction(`redaction ${i + 1} withholds another number of items than it says`);
  });
  const whole = new Set(
    document.redactions.flatMap(({ what, field }) => (what === 'field' || what === 'media' ? [field] : [])),
  );
  if (!document.redacted.every((name) => whole.has(name)))
    throw redaction('a field is withheld from every item and no redaction says why');
}

function redaction(message: string, index?: number): Error {
  return mismatch('EXHIBIT_REDACTION_MISMATCH', message, index === undefined ? {} : { index });
}

function verifyConversations(document: ExhibitDocument, leaves: readonly ProvenLeaf[]): void {
  const found = new Map<string, number>();
  for (const { leaf, derivation, item } of leaves) {
    if (leaf.kind !== 1) continue;
    const isOpen = item !== null && !item.withheld.includes('conversation');
    const key = conversationKey(derivation, isOpen ? item.item.conversation : undefined);
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  for (const one of document.conversations) {
    const key = conversationKey(one.derivation, one.nameWithheld ? undefined : one.conversation);
    if (found.get(key) !== one.shown || (one.held !== 'unknown' && one.held < one.shown))
      throw counts('the counts of a conversation are not those of the exhibit');
    found.delete(key);
  }
  if (found.size > 0) throw counts('a conversation of the exhibit is not listed');
}

function verifyFindingLists(document: ExhibitDocument, leaves: readonly ProvenLeaf[]): void {
  const shown = new Map(leaves.filter(({ leaf }) => leaf.kind === 2).map((one) => [one.leaf.index, one.derivation]));
  const listed = new Set<number>();
  const lists = [
    ...document.derivations.map(({ entry, findings }) => ({ derivation: entry, findings })),
    ...document.conversations,
  ];
  for (const { derivation, findings } of lists) {
    for (const index of findings) {
      if (shown.get(index) !== derivation) throw counts(`finding ${index} is listed where it does not belong`);
      listed.add(index);
    }
  }
  if (listed.size !== shown.size) throw counts('a finding of the exhibit is listed nowhere');
}

function counts(message: string): Error {
  return mismatch('EXHIBIT_COUNT_MISMATCH', message);
}
