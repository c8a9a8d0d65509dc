import type { LoggedEntry } from '@custody/chain';
import type { EventValues } from '@custody/segment';
import { asMap, numberLists, text } from '../event-fields.ts';
import { holdsItem, type ItemRun } from '../item-runs.ts';

/** What a reviewer says of an item. `unused` and `sensitive` decide which schedule of a disclosure lists it. */
export const markLabels = ['relevant', 'used', 'unused', 'sensitive', 'exculpatory'] as const;
export type MarkLabel = (typeof markLabels)[number];

/** A mark, or its withdrawal: both stay in the log. */
export interface CaseMark {
  readonly entry: number;
  readonly time: number;
  readonly by: string;
  readonly label: MarkLabel;
  readonly withdrawn: boolean;
  readonly reason: string;
  readonly runs: readonly ItemRun[];
}

/** Marks of a case in log order. */
export class CaseMarks {
  readonly all: CaseMark[] = [];

  apply(entry: LoggedEntry, values: EventValues): void {
    const subject = asMap(values.subject);
    const label = markLabels.find((one) => one === text(subject, 'label'));
    if (label === undefined) return;
    this.all.push({
      ...{ entry: entry.index, time: entry.time, label },
      by: text(asMap(values.actor), 'name') ?? '',
      withdrawn: text(subject, 'act') === 'withdraw',
      reason: typeof values.reason === 'string' ? values.reason : '',
      runs: numberLists(asMap(values.detail), 'runs') as unknown as ItemRun[],
    });
  }

  /** Labels that an item bears at log size `size`, each with the mark that gave it. */
  of(index: number, size: number = Number.POSITIVE_INFINITY): ReadonlyMap<MarkLabel, CaseMark> {
    const out = new Map<MarkLabel, CaseMark>();
    for (const mark of this.all) {
      if (mark.entry >= size || !holdsItem(mark.runs, index)) continue;
      if (mark.withdrawn) out.delete(mark.label);
      else out.set(mark.label, mark);
    }
    return out;
  }
}
