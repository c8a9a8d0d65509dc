/** What is looked for. All given criteria must hold for the same item; none at all finds every item indexed. */
export interface IndexQuery {
  /** An entity type (`phone`), a class (`handle`) or a platform's own word for a party. */
  readonly type?: string;
  /** Exactly this value, in any way of writing it that its type allows. */
  readonly value?: string;
  /** Beginning of canonical values. */
  readonly prefix?: string;
  /** Least and greatest money, mass or count, both included: plain decimals, with a unit (`EUR 1000`) or for each unit. */
  readonly min?: string;
  readonly max?: string;
  /** A sender, recipient or owner, by the format's metadata. */
  readonly party?: string;
  /** Words that must all occur in the body; what stands in double quotes is a phrase. */
  readonly text?: string;
  /** Milliseconds since 1970 UTC: sent at `from` or later, and before `to`. Undated items are then left out. */
  readonly from?: number;
  readonly to?: number;
  /** Only what has no time: it is in no period, so `from` and `to` are not given then. */
  readonly undated?: 'only';
}

/** A mention that matched. */
export interface IndexMention {
  readonly class: string;
  readonly type: string;
  readonly value: string;
  readonly where: 'body' | 'sender' | 'recipient' | 'owner' | 'attachment' | 'metadata';
  readonly tier: 'checksum' | 'metadata' | 'context' | 'shape';
  /** Byte offsets in the UTF-8 body; null for what does not stand there. */
  readonly start: number | null;
  readonly end: number | null;
  /** Whether this is a second reading of its span. */
  readonly alternative: boolean;
  /** The other readings of its span. */
  readonly alternatives: readonly { readonly type: string; readonly value: string }[];
  /** What was done to the span before it was read: `full-width`, `leet` …; empty where nothing was. */
  readonly folds: readonly string[];
  /** Of a telephone number: in its country's plan, or of fitting length only; null for all else. */
  readonly grade: 'valid' | 'possible' | null;
}

export interface IndexHit {
  readonly leafIndex: number;
  /** Position of the leaf in its segment. */
  readonly position: number;
  /** Whether no time is known for the item. */
  readonly undated: boolean;
  /** Those that matched type, value, prefix, bounds or party; empty where none of these was asked for. */
  readonly mentions: readonly IndexMention[];
  /** The words are there; whether they stand as phrases must be looked up in the opened body: `holdsPhrases`. */
  readonly phraseUnchecked: boolean;
}
