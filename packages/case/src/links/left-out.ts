import type { Case } from '../open-case.ts';

/** In words, items of which nobody has said whether they are in scope: links and reports are without them. */
export function leftOutNotes(opened: Case): string[] {
  let undecided = 0;
  for (const { current, totals } of opened.state.derivations.values()) {
    if (current && totals !== null) undecided += totals.undecided;
  }
  if (undecided === 0) return [];
  return [
    `${undecided} item(s) were undecided at ingest (the authority limits the period and they have no time): ` +
      'those not decided since are not in this answer ("custody decide")',
  ];
}
