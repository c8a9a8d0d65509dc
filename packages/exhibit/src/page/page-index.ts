import type { Finding } from '@custody/evidence';
import { conversationKey } from '../conversation-key.ts';
import { readFieldJson } from '../field-json.ts';
import { type ItemView, viewFinding, viewItem } from '../leaf-view.ts';
import type { ExhibitConversation, ExhibitDocument, ExhibitLeaf } from '../model.ts';
import { type Texts, textsOf } from '../texts/texts.ts';

/** An item as the page shows it; `view` is null where its type or place is withheld. */
export interface ShownItem {
  readonly leaf: ExhibitLeaf;
  readonly derivation: number;
  readonly view: ItemView | null;
}

export interface ShownConversation {
  readonly about: ExhibitConversation | null;
  readonly derivation: number;
  readonly items: ShownItem[];
}

export interface ShownFinding {
  readonly leaf: ExhibitLeaf;
  readonly finding: Finding;
}

/** A document's leaves opened and in reading order: what every part of the page looks things up in. */
export interface PageIndex {
  readonly conversations: readonly ShownConversation[];
  readonly findings: readonly ShownFinding[];
  /** LeafIndex by derivation and native message id. */
  readonly byMessageId: ReadonlyMap<string, number>;
  /** What authentication proves, each sentence once, in order of appearance. */
  readonly statements: readonly string[];
}

export function indexPage(document: ExhibitDocument): PageIndex {
  const t = textsOf(document.lang);
  const derivations = new Map(document.segments.map((segment) => [segment.entry, segment.derivation]));
  const about = new Map(document.conversations.map((one) => [keyOf(one), one]));
  const conversations = new Map<string, ShownConversation>();
  const byMessageId = new Map<string, number>();
  const statements = new Set<string>();
  for (const leaf of document.leaves) {
    if (leaf.kind !== 1) continue;
    const derivation = derivations.get(leaf.segment) ?? -1;
    const view = itemView(leaf);
    const isOpen = view !== null && !view.withheld.includes('conversation');
    const key = conversationKey(derivation, isOpen ? view.item.conversation : undefined);
    let group = conversations.get(key);
    if (group === undefined) {
      group = { about: about.get(key) ?? null, derivation, items: [] };
      conversations.set(key, group);
    }
    group.items.push({ leaf, derivation, view });
    if (view === null) continue;
    const { messageId, authentication, kind } = view.item;
    // An edit or a deletion may carry the id of what it changes: a reference means the message.
    if (messageId !== null && !(byMessageId.has(refKey(derivation, messageId)) && kind !== 'message'))
      byMessageId.set(refKey(derivation, messageId), leaf.index);
    if (!view.withheld.includes('authentication')) statements.add(statementOf(authentication, t));
  }
  for (const { items } of conversations.values()) items.sort(byTime);
  const findings = document.leaves
    .filter((leaf) => leaf.kind === 2)
    .map((leaf) => ({ leaf, finding: findingView(leaf) }));
  return { conversations: [...conversations.values()], findings, byMessageId, statements: [...statements] };
}

export function refKey(derivation: number, id: string): string {
  return `${derivation} ${id}`;
}

/** The sentence that stands for an item's authentication. */
export function statementOf(
  authentication: { mechanism: string; result: string; proves: string } | null,
  t: Texts,
): string {
  if (authentication === null) return t.noAuthentication;
  return `${authentication.mechanism}, ${authentication.result}. ${authentication.proves}`;
}

function itemView(leaf: ExhibitLeaf): ItemView | null {
  // Raw records stand in files of their own; the page names them and does not read them.
  const fields = leaf.fields.map((field) => readFieldJson(field));
  const view = viewItem(fields);
  return view === null ? null : { item: view.item, withheld: view.withheld.filter((name) => name !== 'raw') };
}

function findingView(leaf: ExhibitLeaf): Finding {
  return viewFinding(leaf.fields.map((field) => readFieldJson(field)));
}

function keyOf(one: ExhibitConversation): string {
  return conversationKey(one.derivation, one.nameWithheld ? undefined : one.conversation);
}

/** Reading order; undated last, then ledger order. */
function byTime(a: ShownItem, b: ShownItem): number {
  const [x, y] = [timeOf(a), timeOf(b)];
  return x === y ? a.leaf.index - b.leaf.index : x - y;
}

function timeOf({ view }: ShownItem): number {
  const utc = view?.item.sentAt?.utc ?? null;
  return utc === null || Number.isNaN(utc) ? Number.POSITIVE_INFINITY : utc;
}
