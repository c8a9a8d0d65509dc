import { type Decisions, LEAF_ITEM, type LeafBatch } from '@custody/evidence';

/** Disposition code, rule and how many items of a segment one after the other: as its entry records them. */
export type DecisionRuns = readonly (readonly [code: number, rule: number, count: number])[];

/** The decisions about the items of one stretch, in order. */
export function decisionRuns(
  batch: LeafBatch,
  decisions: Decisions,
  { from, to }: { readonly from: number; readonly to: number },
): DecisionRuns {
  const runs: [number, number, number][] = [];
  for (let leaf = from; leaf < to; leaf++) {
    if (batch.kinds[leaf] !== LEAF_ITEM) continue;
    const row = batch.rows[leaf] as number;
    const code = decisions.codes[row] as number;
    const rule = decisions.rules[row] as number;
    const last = runs.at(-1);
    if (last !== undefined && last[0] === code && last[1] === rule) last[2]++;
    else runs.push([code, rule, 1]);
  }
  return runs;
}

/** Items by disposition alone, whatever rule decided: equal lists are equal decisions. */
export function dispositionRuns(runs: readonly (readonly number[])[]): string {
  const out: [number, number][] = [];
  for (const [code = -1, , count = 0] of runs) {
    const last = out.at(-1);
    if (last?.[0] === code) last[1] += count;
    else out.push([code, count]);
  }
  return JSON.stringify(out);
}
