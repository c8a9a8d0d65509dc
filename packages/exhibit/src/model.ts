/**
 * The document inside an exhibit, `exhibit.json`. Hashes and salts are hex, entries and roots base64. What is derived
 * from the ledger (items, findings, entries, counts) is held against it by `verifyExhibit`; the rest are statements of
 * the producer and the verdict says so.
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
  /** What was withheld, why, on whose authority and how much of it, one rule after the other. */
  readonly redactions: readonly ExhibitRedaction[];
  /** Whether attachments are shown at all, by their hashes, or as files. */
  readonly media: ExhibitMedia;
  /** Language of the page and the PDF. */
  readonly lang: ExhibitLanguage;
  /** IANA zone or offset in which page and PDF show local times; null: the zone that each time states, if any. */
  readonly timeZone: string | null;
  /** Translations and notes that the producer recorded beside items. */
  readonly annotations: readonly ExhibitAnnotation[];
  /** SHA-256 of the PDF, whose every page names the hash of this document without this line; null where there is none. */
  readonly pdf: string | null;
  /** What others stated of the log by then: cosignatures of witnesses, time-stamps. */
  readonly anchors: readonly ExhibitAnchor[];
  /** Log entries that the statements below rest on, each opened as far as they need it. */
  readonly entries: readonly ExhibitEntry[];
  readonly derivations: readonly ExhibitDerivation[];
  readonly segments: readonly ExhibitSegment[];
  readonly leaves: readonly ExhibitLeaf[];
  /** What the tool found in the shown texts: derived, not part of what is proven. Exhibits of older builds have no such key. */
  readonly mentions?: readonly ExhibitItemMentions[];
  readonly conversations: readonly ExhibitConversation[];
  readonly completeness: ExhibitCompleteness;
}

export const exhibitLanguages = ['en', 'nl', 'fr', 'de', 'es'] as const;
export type ExhibitLanguage = (typeof exhibitLanguages)[number];
export const exhibitMedia = ['none', 'hash', 'full'] as const;
export type ExhibitMedia = (typeof exhibitMedia)[number];

/** A rule by which something was withheld. `items`, `fields` and `pieces` count what it touched. */
export interface ExhibitRedaction {
  /** A field of every item, a field of one item, a passage of one item's text, a value wherever it occurs, attachments. */
  readonly what: 'field' | 'item' | 'span' | 'value' | 'media';
  /** The field by name; null for a value, which may stand in any. */
  readonly field: string | null;
  readonly reason: string | null;
  readonly authority: string | null;
  readonly items: number;
}

/** Somebody's words about an item; a statement of the producer, not evidence. */
export interface ExhibitAnnotation {
  readonly index: number;
  readonly what: 'translation' | 'note';
  /** Language of the text (BCP 47), where it is stated. */
  readonly lang: string | null;
  readonly text: string;
  /** Who translated or noted. */
  readonly by: string | null;
}

/** A checkpoint of the log that others cosigned or stamped, and the proof that the exhibit's log extends it. */
export interface ExhibitAnchor {
  /** Entries that it counts: these existed when it was stated. */
  readonly size: number;
  /** Signed note, with the witnesses' lines where there are some; also in a file, for checks by hand. */
  readonly checkpoint: string;
  /** RFC 9162 2.1.4, from `size` to the exhibit's, base64; empty where they are the same. */
  readonly consistency: readonly string[];
  /** Verifier keys of the witnesses that cosigned it. */
  readonly witnesses: readonly string[];
  /** Address of the time-stamping authority whose token lies beside the checkpoint; null: none. */
  readonly tsa: string | null;
  /** Whether certificates that were supplied as the authority's lie there, too. */
  readonly authority: boolean;
}

/** A custody event of the log with its proof under the checkpoint. */
export interface ExhibitEntry {
  readonly entry: number;
  readonly bytes: string;
  /** C2SP tlog-proof hashes of the entry, leaf side first, base64. */
  readonly proof: readonly string[];
  /** Its six fields (packages/chain/SPEC.md section 4), opened or withheld. */
  readonly fields: readonly FieldJson[];
}

/** A decoding run that items of this exhibit come from. */
export interface ExhibitDerivation {
  /** Its `derive` entry: capture, format, decoder and authority are what that entry commits to. */
  readonly entry: number;
  readonly capture: string;
  /** Name of the capture as taken in: the producer's statement. */
  readonly captureName: string;
  readonly format: string;
  readonly decoder: string;
  readonly authority: string;
  /** Its `complete` entry, which commits to the totals; null where it was not finished at SIZE. */
  readonly complete: number | null;
  readonly totals: ExhibitTotals | null;
  /** LeafIndex of findings of class lost or doubt that no shown conversation can be named for. */
  readonly findings: readonly number[];
}

/** Counts of a complete derivation. `lost` is null where it cannot be known. */
export interface ExhibitTotals {
  readonly records: number;
  readonly decoded: number;
  readonly lost: number | null;
  readonly notCovered: number;
  readonly items: number;
  readonly findings: number;
  readonly inScope: number;
  readonly outOfScope: number;
  readonly privileged: number;
  readonly undecided: number;
  readonly evidenceRoot: string;
}

/** What ties a segment to the checkpoint. */
export interface ExhibitSegment {
  readonly entry: number;
  /** Entry of its derivation; the segment's entry names it, too. */
  readonly derivation: number;
  readonly bytes: string;
  /** C2SP tlog-proof hashes of the entry, leaf side first, base64. */
  readonly proof: readonly string[];
}

export type LeafRole = 'selected' | 'context' | 'finding';

export interface ExhibitLeaf {
  readonly index: number;
  readonly role: LeafRole;
  /** Segment's entry and position in it. */
  readonly segment: number;
  readonly position: number;
  readonly kind: 1 | 2;
  /** Link of the leaf before, hex. */
  readonly previous: string;
  /** Hashes from the leaf to the segment root, base64. */
  readonly path: readonly string[];
  readonly fields: readonly FieldJson[];
  /** Fields withheld of this leaf beyond `redacted`, by name: they repeat what is withheld. */
  readonly withheld: readonly string[];
  /** Rules of `redactions`, from 0, by which something of this leaf is withheld. */
  readonly because: readonly number[];
  /** Files that hold the raw records (field 15), main record first; none where they are withheld. */
  readonly raw: readonly string[];
  /** Files that hold attachments, by the SHA-256 that the item commits to. */
  readonly media: readonly string[];
}

/** An opened value, a field in pieces, raw records in files of their own, or the digest of what is withheld. */
export type FieldJson =
  | { readonly salt: string; readonly value: string | null }
  | { readonly pieces: readonly ({ readonly salt: string; readonly value: string } | { readonly digest: string })[] }
  | { readonly salt: string; readonly raw: true; readonly digest: string }
  | { readonly digest: string };

/** What the extractor found in the text of one item: a function of what is shown of it, the extractor and the region. */
export interface ExhibitItemMentions {
  readonly index: number;
  /** Version of the extractor. */
  readonly extractor: number;
  /** ISO 3166 region by which national telephone numbers are read; null where none was given. */
  readonly region: string | null;
  readonly found: readonly ExhibitMention[];
}

/** One mention. `start` and `end` count bytes of what is shown of the text: pieces that are withheld count for nothing. */
export interface ExhibitMention {
  readonly class: string;
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Why it is believed: a checksum, metadata, a cue word or the mere shape. */
  readonly tier: string;
  /** What was done to the span before it was read. */
  readonly folds: readonly string[];
  readonly alternatives: readonly { readonly type: string; readonly value: string }[];
}

/** What an exhibit shows of one conversation, and what it leaves out. */
export interface ExhibitConversation {
  readonly derivation: number;
  /** As the format names it; null where it names none, or where the name is withheld. */
  readonly conversation: string | null;
  readonly nameWithheld: boolean;
  /** Items shown, and items in scope that the case holds; `unknown` where the name is withheld. */
  readonly shown: number;
  readonly held: number | 'unknown';
  /** Items of it that lie in closed compartments: which conversation those belong to is itself withheld. */
  readonly withheld: 'unknown' | 0;
  /** LeafIndex of findings of this exhibit whose place is that of an item of this conversation. */
  readonly findings: readonly number[];
}

/** Sums over the derivations; null where one was not finished. */
export interface ExhibitCompleteness {
  readonly shown: number;
  readonly context: number;
  readonly inScope: number | null;
  readonly outOfScope: number | null;
  readonly privileged: number | null;
  readonly undecided: number | null;
  /** Findings of class note of the derivations concerned, by what they say. */
  readonly limits: readonly ExhibitLimit[];
  /** What was received of each field and what of it is shown. */
  readonly inventory: readonly ExhibitInventory[];
  /** Stretches of the captures that no decoder looked at, as far as decoders say so. */
  readonly notExamined: readonly ExhibitNotExamined[];
  /** Decoding runs of the same captures that a later one replaced, or that replaced one shown here. */
  readonly superseded: readonly ExhibitSuperseded[];
  readonly notes: readonly string[];
}

/** A field as the items in scope of a derivation have it; named format fields as `fields.NAME`. */
export interface ExhibitInventory {
  readonly derivation: number;
  readonly field: string;
  /** Items in scope that have it. */
  readonly received: number;
  /** Items of this exhibit that show it, whole or in part. */
  readonly shown: number;
}

/** `bytes` and `findings` are null where the decoder makes no statement, which is not the same as none. */
export interface ExhibitNotExamined {
  readonly derivation: number;
  readonly findings: number | null;
  readonly bytes: number | null;
}

export interface ExhibitSuperseded {
  readonly derivation: number;
  readonly by: number;
}

/** What the decoder did not cover: findings of class note, equal ones counted together. */
export interface ExhibitLimit {
  readonly derivation: number;
  readonly code: string;
  readonly detail: string;
  readonly findings: number;
  readonly records: number | null;
}
