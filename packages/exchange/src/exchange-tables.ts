import type { Finding } from '@custody/evidence';

/** A mention of an entity in an exported item, as the index has it. */
export interface ExchangeMention {
  /** LeafIndex of its item. */
  readonly index: number;
  readonly class: string;
  readonly type: string;
  readonly value: string;
  /** `body`, or where the metadata names it. */
  readonly where: string;
  readonly tier: string;
  /** Byte offsets in the UTF-8 body; null for what does not stand there. */
  readonly start: number | null;
  readonly end: number | null;
  /** Whether this is a second reading of its span. */
  readonly alternative: boolean;
}

/** A finding of a capture that an exported item came from. */
export interface ExchangeFinding {
  readonly index: number;
  readonly leaf: string;
  readonly capture: string;
  readonly finding: Finding;
}

/** What stands beside the items; each may be read once. */
export interface ExchangeTables {
  readonly mentions: AsyncIterable<ExchangeMention>;
  readonly findings: AsyncIterable<ExchangeFinding>;
}
