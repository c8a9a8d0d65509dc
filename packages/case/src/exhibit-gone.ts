import { usage } from './errors.ts';
import type { ExhibitNotes } from './exhibit-notes.ts';
import { expungedBy, expungedText } from './expunged-json.ts';
import type { Case } from './open-case.ts';
import { refuse } from './refuse.ts';

/** An exhibit is made of what lies where it belongs: not while an order or decision is carried out by half. */
export function requireCarriedOut(opened: Case): void {
  const { finished } = opened.state.history;
  const waiting = opened.ledger.rewrites.all.find(({ entry }) => !finished.has(entry));
  if (waiting === undefined) return;
  throw usage(
    'DERIVATION_UNFINISHED',
    `what log entry ${waiting.entry} ordered is not carried out to its end yet: "custody resume" (by who holds "source") first`,
  );
}

/** Refuses (recorded) an item that was expunged, or that was not in scope as the log had it at `size`. */
export async function refuseGone(opened: Case, index: number, size: number): Promise<void> {
  const gone = expungedBy(opened, index);
  if (gone !== null) await refuse(opened, 'exhibit', `item ${index} was ${expungedText(gone)}`, gone.order);
  const then = opened.state.history.dispositionOf(index, 'in-scope', size);
  if (then === 'in-scope') return;
  await refuse(opened, 'exhibit', `item ${index} was ${then} at log size ${size}: only what is in scope is disclosed`);
}

/** Notes what is missing from these derivations by order. */
export function noteGone(opened: Case, derivations: readonly number[], notes: ExhibitNotes): void {
  const segments = opened.ledger.segments.filter(({ derive }) => derivations.includes(derive));
  for (const { entry, order, leaves } of opened.state.history.expungements) {
    let count = 0;
    for (const { first, count: many } of segments) {
      for (const [at, length] of leaves)
        count += Math.max(0, Math.min(at + length, first + many) - Math.max(at, first));
    }
    notes.add('expunged', { n: count, order: order.id, reference: order.reference, entry });
  }
}
