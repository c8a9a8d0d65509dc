import type { CborValue } from '@custody/bytes';
import type { LoggedEntry } from '@custody/chain';
import {
  compartmentOf,
  type Disposition,
  dispositions,
  type ExpungementMode,
  type ExpungementOrder,
} from '@custody/evidence';
import type { EventValues, LeafRange } from '@custody/segment';
import { asMap, type Fields, number, numberLists, text, texts } from './event-fields.ts';
import { type ItemRun, itemRuns } from './item-runs.ts';

/** An order to destroy content, as its entry records it. */
export interface CaseExpungement {
  readonly entry: number;
  readonly time: number;
  readonly order: ExpungementOrder;
  readonly mode: ExpungementMode;
  readonly leaves: readonly LeafRange[];
  /** Captures whose sealed originals are destroyed. */
  readonly originals: readonly string[];
  readonly by: string;
}

export const privilegeStates = ['suspected', 'confirmed', 'rejected', 'waived'] as const;
export type PrivilegeState = (typeof privilegeStates)[number];

/** Items `first .. first + count - 1` were of disposition code `from` and are of `to` since. */
export type DecisionRun = readonly [first: number, count: number, from: number, to: number];

/** A later decision about items; what was decided before stays in the log. */
export interface CaseDecision {
  readonly entry: number;
  readonly time: number;
  readonly by: string;
  readonly authority: string | null;
  readonly reason: string | null;
  readonly rule: string;
  readonly privilege: PrivilegeState | null;
  readonly runs: readonly DecisionRun[];
}

export interface CaseDisclosure {
  readonly entry: number;
  readonly exhibitRef: string;
  readonly sha256: string;
  readonly items: readonly ItemRun[];
}

/** What the log says was destroyed, decided anew, disclosed; in log order. */
export class CaseHistory {
  readonly expungements: CaseExpungement[] = [];
  readonly decisions: CaseDecision[] = [];
  readonly disclosures: CaseDisclosure[] = [];
  /** Entries of orders and decisions that are carried out to the end. */
  readonly finished: Set<number> = new Set();

  /** Applies an event; kinds that change no history are passed over. */
  apply(entry: LoggedEntry, values: EventValues): void {
    const subject = asMap(values.subject);
    const detail = asMap(values.detail);
    if (entry.kind === 'disclose') this.#disclosed(entry, subject, detail);
    if (entry.kind !== 'expunge' && entry.kind !== 'dispose') return;
    const act = text(subject, 'act');
    if (act === 'done') this.finished.add(number(subject, 'of') ?? -1);
    else if (act === 'order') this.#ordered(entry, values, detail);
    else if (act === 'decide') this.#decided(entry, values, detail);
  }

  /** The order that had a leaf expunged, or null. */
  orderOf(entry: number): CaseExpungement | null {
    return this.expungements.find((one) => one.entry === entry) ?? null;
  }

  /** Decisions about an item up to log size `size`, the oldest first. */
  decisionsOn(index: number, size: number = Number.POSITIVE_INFINITY): CaseDecision[] {
    return this.decisions.filter((one) => one.entry < size && decisionRun(one, index) !== null);
  }

  /** Disposition of an item as the log had it at `size`; `stored` is what its part says now. */
  dispositionOf(index: number, stored: Disposition, size: number = Number.POSITIVE_INFINITY): Disposition {
    if (this.decisions.length === 0) return stored;
    const before = this.decisionsOn(index, size).at(-1);
    if (before !== undefined) return named(decisionRun(before, index)?.[3]) ?? stored;
    const later = this.decisions.find((one) => decisionRun(one, index) !== null);
    return (later && named(decisionRun(later, index)?.[2])) ?? stored;
  }

  /** The last word on privilege of an item at `size`, or null where none was said. */
  privilegeOf(index: number, size?: number): PrivilegeState | null {
    return this.decisionsOn(index, size).findLast((one) => one.privilege !== null)?.privilege ?? null;
  }

  /** Items moved out of one disposition into another at `size`: `[from][to]` counts by code. */
  shifts(first: number, count: number, size: number = Number.POSITIVE_INFINITY): number[] {
    const change = dispositions.map(() => 0);
    for (const { entry, runs } of this.decisions) {
      if (entry >= size) continue;
      for (const [at, many, from, to] of runs) {
        const inside = Math.min(at + many, first + count) - Math.max(at, first);
        if (inside <= 0) continue;
        change[from] = (change[from] ?? 0) - inside;
        change[to] = (change[to] ?? 0) + inside;
      }
    }
    return change;
  }

  #disclosed(entry: LoggedEntry, subject: Fields, detail: Fields): void {
    const items = detail.get('items');
    this.disclosures.push({
      entry: entry.index,
      exhibitRef: text(subject, 'exhibitRef') ?? '',
      sha256: text(subject, 'sha256') ?? '',
      // Exhibits list their items one by one, exports by runs.
      items: Array.isArray(items)
        ? itemRuns((items as readonly CborValue[]).map(Number))
        : (numberLists(detail, 'runs') as unknown as ItemRun[]),
    });
  }

  #ordered(entry: LoggedEntry, values: EventValues, detail: Fields): void {
    const order = JSON.parse(text(detail, 'order') ?? '{}') as ExpungementOrder;
    this.expungements.push({
      entry: entry.index,
      time: entry.time,
      order,
      mode: text(detail, 'mode') === 'original' ? 'original' : 'derived',
      leaves: numberLists(detail, 'leaves') as unknown as LeafRange[],
      originals: texts(detail, 'originals'),
      by: text(asMap(values.actor), 'name') ?? '',
    });
  }

  #decided(entry: LoggedEntry, values: EventValues, detail: Fields): void {
    const privilege = privilegeStates.find((one) => one === text(detail, 'privilege'));
    this.decisions.push({
      entry: entry.index,
      time: entry.time,
      by: text(asMap(values.actor), 'name') ?? '',
      authority: typeof values.authority === 'string' ? values.authority : null,
      reason: typeof values.reason === 'string' ? values.reason : null,
      rule: text(detail, 'rule') ?? '',
      privilege: privilege ?? null,
      runs: numberLists(detail, 'runs') as unknown as DecisionRun[],
    });
  }
}

/** What a decision did to an item, or null where it says nothing of it. Runs ascend. */
export function decisionRun({ runs }: CaseDecision, index: number): DecisionRun | null {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle] as DecisionRun;
    if (index < run[0]) high = middle - 1;
    else if (index >= run[0] + run[1]) low = middle + 1;
    else return run;
  }
  return null;
}

function named(code: number | undefined): Disposition | null {
  return code === undefined ? null : (dispositions[code] ?? null);
}

/** The compartment an item belongs in now. */
export function placeOfItem(
  history: CaseHistory,
  index: number,
  stored: Disposition,
): ReturnType<typeof compartmentOf> {
  return compartmentOf(history.dispositionOf(index, stored));
}
