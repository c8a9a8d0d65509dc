import type { ExhibitConversation } from '@custody/exhibit';
import { type LoggedSegment, type OpenedLeaf, openSegment } from '@custody/segment';
import type { Case } from './open-case.ts';
import { derivationOf } from './selection.ts';

/** A leaf that goes into an exhibit. */
export interface Chosen {
  readonly index: number;
  readonly role: 'selected' | 'context' | 'finding';
  readonly segment: LoggedSegment;
  readonly position: number;
}

/** More findings than this are counted and not listed. */
const MOST_FINDINGS = 500;

/** Up to `count` items in scope before and after each chosen one in its conversation, by ledger order. */
export async function contextOf(opened: Case, chosen: readonly Chosen[], count: number): Promise<Chosen[]> {
  if (count <= 0) return [];
  const out = new Map<number, Chosen>();
  const wanted = new Set(chosen.map((one) => one.index));
  for (const derive of new Set(chosen.map((one) => one.segment.derive))) {
    const before = new Map<string, Chosen[]>();
    const owed = new Map<string, number>();
    for await (const { leaf, segment } of itemsOf(opened, derive)) {
      const name = leaf.item.conversation ?? '';
      const here: Chosen = { index: leaf.index, role: 'context', segment, position: leaf.position };
      if (wanted.has(leaf.index)) {
        for (const one of before.get(name) ?? []) out.set(one.index, one);
        owed.set(name, count);
      } else if ((owed.get(name) ?? 0) > 0) {
        out.set(here.index, here);
        owed.set(name, (owed.get(name) ?? 0) - 1);
      }
      const kept = before.get(name) ?? [];
      before.set(name, [...kept.slice(Math.max(0, kept.length + 1 - count)), here]);
    }
  }
  return [...out.values()].filter((one) => !wanted.has(one.index));
}

/** Findings of class lost or doubt of the derivations concerned. */
export async function findingsOf(
  opened: Case,
  chosen: readonly Chosen[],
  terms: { readonly size: number; readonly notes: string[] },
): Promise<Chosen[]> {
  const out: Chosen[] = [];
  let more = 0;
  for (const derive of new Set(chosen.map((one) => one.segment.derive))) {
    for await (const { leaf, segment } of leavesOf(opened, derive)) {
      if (leaf.kind !== 'finding' || leaf.finding.class === 'note' || segment.entry >= terms.size) continue;
      if (out.length < MOST_FINDINGS)
        out.push({ index: leaf.index, role: 'finding', segment, position: leaf.position });
      else more++;
    }
  }
  if (more > 0)
    terms.notes.push(`${more} further finding(s) of class lost or doubt are in the case and not listed here`);
  return out;
}

/** What is shown of each conversation and how much of it the producer could have shown. */
export async function conversationsOf(
  opened: Case,
  chosen: readonly Chosen[],
  findings: readonly Chosen[],
): Promise<ExhibitConversation[]> {
  const shown = new Map<string, number>();
  const held = new Map<string, number>();
  const ours = new Set(chosen.map((one) => one.index));
  for (const derive of new Set(chosen.map((one) => one.segment.derive))) {
    for await (const { leaf } of itemsOf(opened, derive)) {
      const key = `${derive}\n${leaf.item.conversation ?? ''}`;
      held.set(key, (held.get(key) ?? 0) + 1);
      if (ours.has(leaf.index)) shown.set(key, (shown.get(key) ?? 0) + 1);
    }
  }
  return [...shown].map(([key, count]) => {
    const at = key.indexOf('\n');
    const derivation = Number(key.slice(0, at));
    const complete = derivationOf(
      opened,
      chosen.find((one) => one.segment.derive === derivation)?.segment as LoggedSegment,
    ).totals;
    const apart = complete === null ? 1 : complete.outOfScope + complete.privileged + complete.undecided;
    return {
      derivation,
      conversation: key.slice(at + 1) === '' ? null : key.slice(at + 1),
      shown: count,
      held: held.get(key) ?? 0,
      // Which conversation a withheld item belongs to is itself withheld.
      withheld: apart === 0 ? 0 : ('unknown' as const),
      findings: findings.filter((one) => one.segment.derive === derivation).map((one) => one.index),
    };
  });
}

async function* itemsOf(
  opened: Case,
  derive: number,
): AsyncGenerator<{ leaf: OpenedLeaf & { kind: 'item' }; segment: LoggedSegment }> {
  for await (const { leaf, segment } of leavesOf(opened, derive)) {
    if (leaf.kind === 'item' && leaf.disposition === 'in-scope') yield { leaf, segment };
  }
}

/** Leaves that lie with the evidence. */
async function* leavesOf(opened: Case, derive: number): AsyncGenerator<{ leaf: OpenedLeaf; segment: LoggedSegment }> {
  const { evidence } = opened.contentIdentities;
  for (const segment of opened.ledger.segments) {
    if (segment.derive !== derive) continue;
    const read = await openSegment(opened.vault, opened.ledger, segment, {
      ...(evidence !== undefined && { evidence }),
    });
    for (const leaf of read.opened()) yield { leaf, segment };
  }
}
