import type { Finding } from '@custody/evidence';
import type { Unit } from '../../format.ts';
import type { ScratchHandle } from '../../scratch.ts';
import type { MemberKind } from './member-kind.ts';
import type { People } from './people.ts';

/** A member of rows, unpacked into scratch. */
export interface TableFile {
  readonly path: string;
  readonly kind: MemberKind;
  readonly handle: ScratchHandle;
  readonly header: readonly string[];
  /** Encrypted and authenticated; false for one that stands in clear. */
  readonly verified: boolean;
}

/** A medium, read once: its hash where it authenticates. */
export interface MediumFile {
  readonly path: string;
  /** `scope:uid` of the message. */
  readonly key: string;
  readonly sha256: string | null;
  readonly size: number;
  readonly verified: boolean;
  readonly problem: string | null;
}

export interface UnitState {
  readonly what: 'rows' | 'members';
  readonly table: number;
  readonly from: number;
  readonly until: number;
  /** Rows of the member before this unit. */
  readonly row: number;
}

export interface Survey {
  readonly people: People;
  readonly tables: readonly TableFile[];
  readonly media: readonly MediumFile[];
  /** Keys of media that some message row bears. */
  readonly claimed: ReadonlySet<string>;
  /** Members that are no records of ours, by what they are. */
  readonly passed: ReadonlyMap<string, number>;
  readonly units: readonly Unit[];
  readonly findings: readonly Finding[];
}
