import type { Disposition } from '@custody/evidence';
import type { PrivilegeState } from './case-history.ts';
import type { Progress } from './progress.ts';

export interface DecideOptions {
  /** LeafIndex of the items; without, all in force. */
  readonly items?: readonly number[];
  /** Decide again by the rule of this authority. */
  readonly authority?: string;
  /** With `authority`: it stands beside the first one, so nothing that is in scope leaves it. */
  readonly widen?: boolean;
  readonly disposition?: Disposition;
  readonly privilege?: PrivilegeState;
  /** The rule in words, of a decision by hand. */
  readonly rule?: string;
  readonly reason?: string;
  /** Change nothing. */
  readonly plan?: boolean;
  readonly progress?: Progress;
}
