import type { OutsideKnowledge, OutsideVerdict } from './anchors/verify-outside.ts';
import type { Failure } from './failure.ts';
import type { Person } from './person.ts';
import type { Progress } from './progress.ts';

/** What `custody verify CASE --json` prints. */
export interface CaseVerdict {
  readonly kind: 'case';
  readonly ok: boolean;
  readonly origin: string | null;
  readonly checkpoint: { origin: string; size: number; root: string } | null;
  readonly verifierKey: { readonly key: string; readonly source: 'pinned' | 'self-asserted' };
  readonly checked: {
    readonly entries: number;
    readonly segments: number;
    readonly leaves: number;
    readonly objects: number;
    readonly indexParts: number;
    /** Published tiles (C2SP tlog-tiles) that are what the commits say. */
    readonly tiles: number;
    readonly contentItems: number;
    readonly originals: number;
  };
  /** What others vouch for. */
  readonly anchors: OutsideVerdict['anchors'];
  /** What was not looked at and why, in words. */
  readonly notChecked: readonly string[];
  readonly notes: readonly string[];
  readonly failures: readonly Failure[];
}

export interface VerifyOptions {
  readonly verifierKey?: string;
  /** Opens content, too, as far as this person holds keys. */
  readonly person: Person | null;
  readonly progress?: Progress;
  /** What the reader knows from outside the case; a memory is brought up to date where everything agrees. */
  readonly known?: OutsideKnowledge;
}
