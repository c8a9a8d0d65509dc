/**
 * The document inside an exhibit, `exhibit.json`. Hashes and salts are hex, entries and roots base64, and nothing in
 * `view` is trusted: `verify` makes it again from the opened fields and compares.
 */
export interface ExhibitDocument {
  readonly custodyExhibit: 1;
  readonly exhibitRef: string | null;
  readonly producer: string | null;
  /** Date of the log's newest entry at SIZE: an exhibit never says when it was made. */
  readonly asOf: string;
  readonly case: { readonly origin: string; readonly title: string };
  readonly verifierKey: string;
  /** Signed note (C2SP) over the first `size` entries. */
  readonly checkpoint: string;
  readonly size: number;
  readonly tool: { readonly version: string; readonly build: string };
  /** How the items were chosen, in words. */
  readonly selection: readonly string[];
  /** Fields that were withheld from every item, by name. */
  readonly redacted: readonly string[];
  readonly derivations: readonly ExhibitDerivation[];
  readonly segments: readonly ExhibitSegment[];
  readonly leaves: readonly ExhibitLeaf[];
  readonly conversations: readonly ExhibitConversation[];
  readonly completeness: ExhibitCompleteness;
}

/** A decoding run that items of this exhibit come from. */
export interface ExhibitDerivation {
  readonly entry: number;
  readonly capture: string;
  readonly captureName: string;
  readonly format: string;
  readonly decoder: string;
  readonly authority: string;
  readonly records: number;
  readonly decoded: number;
  readonly lost: number | null;
  readonly notCovered: number;
  readonly items: number;
  readonly findings: number;
  readonly evidenceRoot: string;
}

/** What ties a segment to the checkpoint. */
export interface ExhibitSegment {
  readonly entry: number;
  /** Entry of its derivation; the segment's entry names it, too. */
  readonly derivation: number;
  /** Log leaf hash of its derive entry. */
  readonly derive: string;
  readonly bytes: string;
  /** C2SP tlog-proof hashes of the entry, leaf side first, base64. */
  readonly proof: readonly string[];
}

export interface ExhibitLeaf {
  readonly index: number;
  readonly role: 'selected' | 'context' | 'finding';
  /** Segment's entry and position in it. */
  readonly segment: number;
  readonly position: number;
  readonly kind: 1 | 2;
  /** Link of the leaf before, hex. */
  readonly previous: string;
  /** Hashes from the leaf to the segment root, base64. */
  readonly path: readonly string[];
  readonly fields: readonly FieldJson[];
  /** Members of the ZIP that hold the raw records (field 15), main record first. */
  readonly raw: readonly string[];
}

/** An opened value, a field in pieces, or the digest of what is withheld. */
export type FieldJson =
  | { readonly salt: string; readonly value: string | null }
  | { readonly pieces: readonly ({ readonly salt: string; readonly value: string } | { readonly digest: string })[] }
  | { readonly salt: string; readonly raw: true }
  | { readonly digest: string };

/** What an exhibit shows of one conversation, and what it leaves out. */
export interface ExhibitConversation {
  readonly derivation: number;
  readonly conversation: string | null;
  /** Items of this conversation that are shown, and that the compartments open to the producer hold. */
  readonly shown: number;
  readonly held: number;
  /** Items of the conversation outside the opened compartments cannot be counted by conversation. */
  readonly withheld: 'unknown' | number;
  /** LeafIndex of findings that concern records of this conversation or the capture as a whole. */
  readonly findings: readonly number[];
}

export interface ExhibitCompleteness {
  readonly shown: number;
  readonly context: number;
  readonly inScope: number;
  readonly outOfScope: number;
  readonly privileged: number;
  readonly undecided: number;
  readonly notes: readonly string[];
}
