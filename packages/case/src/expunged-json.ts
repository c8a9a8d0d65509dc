import { hexEncode } from '@custody/bytes';
import { type LoggedSegment, leavesName, type OpenedSegment, readCommitted, readLeaves } from '@custody/segment';
import type { CaseDerivation } from './case-state.ts';
import type { Case } from './open-case.ts';

/** What is said of a position whose content was destroyed: a line of `items`, `findings` or an answer about it. */
export interface ExpungedJson {
  readonly index: number;
  readonly leaf: string;
  readonly capture: string;
  readonly derivation: number;
  readonly kind: 'expunged';
  readonly expunged: ExpungedBy;
  readonly logged?: false;
}

export interface ExpungedBy {
  /** Log entry of the order. */
  readonly entry: number;
  readonly order: string;
  readonly reference: string;
  readonly issuedBy: string;
  readonly mode: string;
  readonly at: string;
}

/** Why a leaf is gone, or null for one that is not expunged. */
export function expungedBy(opened: Case, index: number): ExpungedBy | null {
  const entry = opened.ledger.rewrites.expungedBy(index);
  if (entry === null) return null;
  const found = opened.state.history.orderOf(entry);
  return {
    entry,
    order: found?.order.id ?? '',
    reference: found?.order.reference ?? '',
    issuedBy: found?.order.issuedBy ?? '',
    mode: found?.mode ?? '',
    at: new Date(opened.ledger.entries[entry]?.time ?? 0).toISOString(),
  };
}

/** The line of an expunged position. */
export function expungedJson(
  opened: Case,
  read: OpenedSegment,
  at: { readonly position: number; readonly derivation: CaseDerivation },
): ExpungedJson | null {
  const index = read.segment.first + at.position;
  const by = expungedBy(opened, index);
  if (by === null) return null;
  const { capture, entry } = at.derivation;
  const leaf = hexEncode(read.links.subarray(at.position * 32, at.position * 32 + 32));
  return { index, leaf, capture, derivation: entry, kind: 'expunged', expunged: by };
}

/** In words: `expunged under order O-1 (ref), entry 57`. */
export function expungedText({ order, reference, entry }: ExpungedBy): string {
  return `expunged under order "${order}" (${reference}), log entry ${entry}`;
}

/** Expunged leaves among those of some segments, by kind; from the clear leaves, so without any key. */
export async function countExpunged(
  opened: Case,
  segments: readonly LoggedSegment[],
): Promise<{ readonly items: number; readonly findings: number }> {
  const counts = { items: 0, findings: 0 };
  const { rewrites } = opened.ledger;
  if (rewrites.all.length === 0) return counts;
  for (const segment of segments) {
    const gone = Array.from({ length: segment.count }, (_, i) => i).filter(
      (position) => rewrites.expungedBy(segment.first + position) !== null,
    );
    if (gone.length === 0) continue;
    const { kinds } = readLeaves(await readCommitted(opened.vault, opened.ledger, leavesName(segment)));
    for (const position of gone) counts[kinds[position] === 2 ? 'findings' : 'items']++;
  }
  return counts;
}

/** One line an order: what an answer from the case cannot contain any more. */
export function expungedNotes(opened: Case): string[] {
  return opened.state.history.expungements.map(({ entry, order, leaves }) => {
    const count = leaves.reduce((sum, [, many]) => sum + many, 0);
    return `${count} position(s) were expunged under order "${order.id}" (${order.reference}), log entry ${entry}: nothing of them is searched or shown`;
  });
}
