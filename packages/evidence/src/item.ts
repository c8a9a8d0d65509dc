import type { CborValue } from '@custody/bytes';
import type { Direction, ItemKind } from './item-kinds.ts';
import type { Locator } from './locator.ts';

/** One identifier as the format names a person, device or group. Never merged with a human being. */
export interface Party {
  /** An entity type (`phone`, `username`, `imei` …) or a platform's own word (`group`, `whatsapp-lid`). */
  readonly type: string;
  readonly value: string;
  readonly display?: string;
}

/** Which clock wrote a time. */
export type Clock = 'device' | 'server' | 'sender' | 'unknown';
export type Precision = 'ms' | 's' | 'min' | 'h' | 'day' | 'unknown';

/** What a format says about a whole column of times. */
export interface InstantStatement {
  /** The zone that the format or the profile declares, e.g. `UTC`, `+02:00`, `Europe/Amsterdam`; null: none. */
  readonly zone: string | null;
  readonly precision: Precision;
  readonly clock: Clock;
}

/** A time as found. `raw` is authoritative; `utc` is milliseconds since 1970, null where it cannot be told. */
export interface Instant extends InstantStatement {
  readonly utc: number | null;
  readonly raw: string;
  /** True where the local time exists twice or not at all (a change of the clocks). */
  readonly ambiguous?: boolean;
  /** Where `utc` cannot be told: the instant lies in `[from, to)`, milliseconds UTC, whatever zone or order was meant. */
  readonly within?: readonly [number, number];
}

/** A link to another item by its native id. */
export interface Ref {
  /** `reply-to`, `edits`, `deletes`, `reacts-to`, `forwarded-from`, `member-of` … */
  readonly rel: string;
  readonly id: string;
}

export interface Attachment {
  readonly name: string | null;
  readonly mime: string | null;
  readonly size: number | null;
  /** SHA-256 as hex: of the file itself when present, else as the record states it. */
  readonly sha256: string | null;
  readonly present: boolean;
}

/** What the format's own cryptography showed for this record, in words that claim no more. */
export interface Authentication {
  readonly mechanism: string;
  readonly result: 'verified' | 'failed' | 'not-verified' | 'none';
  readonly proves: string;
}

/** One piece of evidence, from one or more records. */
export interface Item {
  readonly kind: ItemKind;
  readonly platform: string;
  readonly direction: Direction;
  readonly locator: Locator;
  /** Further records this item was made of. */
  readonly sources: readonly Locator[];
  readonly messageId: string | null;
  readonly conversation: string | null;
  readonly sender: Party | null;
  readonly recipients: readonly Party[] | null;
  readonly owner: Party | null;
  readonly sentAt: Instant | null;
  /** Other times by name (`received`, `edited`, `until` …). */
  readonly times: ReadonlyMap<string, Instant> | null;
  /** UTF-8 as found; null where the record has no text. */
  readonly body: Uint8Array | null;
  readonly refs: readonly Ref[];
  readonly attachments: readonly Attachment[];
  readonly authentication: Authentication | null;
  /** What the format kept and the common model lacks. */
  readonly fields: ReadonlyMap<string, CborValue> | null;
}
