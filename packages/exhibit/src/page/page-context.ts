import { hexDecode } from '@custody/bytes';
import type { ExhibitAnnotation, ExhibitDocument } from '../model.ts';
import { type Texts, textsOf } from '../texts/texts.ts';

/** How far the proof of one item went: under a key the reader gave, under the exhibit's own, or not at all. */
export type ProofState = 'pinned' | 'self-asserted' | 'failed';

/** What every part of the page needs besides what it shows. */
export interface PageContext {
  readonly t: Texts;
  readonly timeZone: string | null;
  readonly annotations: ReadonlyMap<number, readonly ExhibitAnnotation[]>;
  /** By LeafIndex; empty before anything was verified. */
  readonly states: ReadonlyMap<number, ProofState>;
}

export function pageContext(
  document: Pick<ExhibitDocument, 'lang' | 'timeZone' | 'annotations'>,
  states: ReadonlyMap<number, ProofState> = new Map(),
): PageContext {
  const annotations = Map.groupBy(document.annotations, (one) => one.index);
  return { t: textsOf(document.lang), timeZone: document.timeZone, annotations, states };
}

/** Bytes of a hex value that was read from a document already. */
export function hexBytes(text: string): Uint8Array {
  return /^(?:[0-9a-f]{2})*$/.test(text) ? hexDecode(text) : new Uint8Array(0);
}
