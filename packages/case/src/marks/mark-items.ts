import type { CborValue } from '@custody/bytes';
import { usage } from '../errors.ts';
import { countItems, type ItemRun, itemRuns } from '../item-runs.ts';
import type { Case } from '../open-case.ts';
import { SegmentCache } from '../selection.ts';
import type { MarkLabel } from './case-marks.ts';

export interface MarkOptions {
  /** LeafIndex of the items. */
  readonly items: readonly number[];
  readonly label: MarkLabel;
  /** True takes the mark away again; both stay in the log. */
  readonly withdraw: boolean;
  readonly reason: string;
}

/** `custody mark --json`. */
export interface MarkedItems {
  readonly entry: number;
  readonly label: MarkLabel;
  readonly withdrawn: boolean;
  readonly items: number;
  readonly runs: readonly ItemRun[];
}

/**
 * Records what a reviewer says of items. Throws UsageError NOTHING_SELECTED, ITEM_UNKNOWN for what is no item or is not open
 * to who marks it, ARGUMENT_INVALID without a reason.
 */
export async function markItems(opened: Case, options: MarkOptions): Promise<MarkedItems> {
  const reason = options.reason.trim();
  if (reason === '') throw usage('ARGUMENT_INVALID', 'a mark needs a reason: --reason TEXT');
  const runs = itemRuns(options.items);
  if (runs.length === 0) throw usage('NOTHING_SELECTED', 'nothing was selected: name items or a query that finds some');
  await checkItems(opened, runs);
  const event = opened.draft('mark', {
    reason,
    subject: new Map<string, CborValue>([
      ['act', options.withdraw ? 'withdraw' : 'mark'],
      ['label', options.label],
    ]),
    detail: new Map<string, CborValue>([['runs', runs.map((run) => [...run])]]),
  });
  const [entry] = await opened.append([event]);
  return {
    ...{ entry: entry?.index ?? -1, label: options.label, withdrawn: options.withdraw },
    ...{ items: countItems(runs), runs },
  };
}

async function checkItems(opened: Case, runs: readonly ItemRun[]): Promise<void> {
  const cache = new SegmentCache(opened);
  for (const [first, count] of runs) {
    for (let index = first; index < first + count; index++) {
      const leaf = (await cache.leaf(index))?.leaf;
      if (leaf === undefined)
        throw usage('ITEM_UNKNOWN', `item ${index} is expunged or in a compartment that is not yours`);
      if (leaf.kind !== 'item') throw usage('ITEM_UNKNOWN', `${index} is a finding: only items are marked`);
    }
  }
}
