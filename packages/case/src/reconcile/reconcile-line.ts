import type { Finding, Item } from '@custody/evidence';

/** `agrees`: the rule holds; `broken`: it does not; `unknown`: the data cannot say. */
export type ReconcileResult = 'agrees' | 'broken' | 'unknown';

/** One line of `custody reconcile --json`. */
export interface ReconcileLine {
  /** `count`, `manifest`, `file`, `column`, `finding`, `pairing`, `direction`, `conversation`, `silence`, `clock`, `identifier`. */
  readonly check: string;
  readonly result: ReconcileResult;
  /** SHA-256 of the capture, where it is about one. */
  readonly capture?: string;
  readonly file?: string;
  readonly step?: string;
  readonly detail: string;
  /** Items concerned, the first ones. */
  readonly items?: readonly number[];
  readonly [name: string]: unknown;
}

/** An item as the checks see it. */
export interface SeenItem {
  readonly index: number;
  readonly capture: string;
  readonly item: Item;
}

/** A finding as the checks see it. */
export interface SeenFinding {
  readonly index: number;
  readonly capture: string;
  readonly finding: Finding;
}

/** One rule, told of every item and finding in log order. */
export interface Check {
  item?(seen: SeenItem): void;
  finding?(seen: SeenFinding): void;
  lines(): Iterable<ReconcileLine>;
}

/** Items cited in one line. */
export const CITED = 50;
