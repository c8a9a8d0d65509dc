import type { Item } from '@custody/evidence';

/** An item as the exporters see it: opened as far as it is disclosed, and tied to its place in the ledger. */
export interface ExchangeItem {
  /** LeafIndex, the address that an exhibit and `custody items` use. */
  readonly index: number;
  /** The leaf's link hash as hex: with it anybody holding an exhibit finds the same item. */
  readonly leaf: string;
  /** SHA-256 of the capture as hex. */
  readonly capture: string;
  readonly item: Item;
  /** Names of the fields that are withheld in whole or in part; they read as absent or with gaps. */
  readonly withheld: readonly string[];
}

/** What an export says of itself; every date in it comes from the log. */
export interface ExchangeHeader {
  readonly origin: string;
  readonly title: string;
  readonly verifierKey: string;
  /** Log size that the export shows. */
  readonly size: number;
  /** Time of the newest entry at that size, ISO 8601 UTC. */
  readonly asOf: string;
  readonly tool: { readonly version: string; readonly build: string };
  readonly authorities: readonly ExchangeAuthority[];
  /** How the items were chosen, in words. */
  readonly selection: readonly string[];
  /** Names of the fields that were withheld from every item. */
  readonly redacted: readonly string[];
  readonly exhibitRef: string | null;
}

export interface ExchangeAuthority {
  readonly id: string;
  readonly reference: string;
  readonly issuedBy: string;
  readonly type: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}
