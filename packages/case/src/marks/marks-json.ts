import type { Case } from '../open-case.ts';
import type { MarkLabel } from './case-marks.ts';

/** A mark that an item bears, as lines show it. */
export interface MarkJson {
  readonly label: MarkLabel;
  /** Log entry that gave it. */
  readonly entry: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** Marks of an item at log size `at`; nothing where it bears none. */
export function marksJson(opened: Case, index: number, at?: number): { readonly marks?: readonly MarkJson[] } {
  const { marks } = opened.state;
  if (marks.all.length === 0) return {};
  const found = [...marks.of(index, at).values()].map(({ label, entry, time, by, reason }) => ({
    ...{ label, entry, at: new Date(time).toISOString(), by, reason },
  }));
  return found.length === 0 ? {} : { marks: found };
}
