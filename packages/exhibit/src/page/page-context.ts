import type { ExhibitAnnotation, ExhibitDocument, ExhibitMention } from '../model.ts';
import { type Texts, textsOf } from '../texts/texts.ts';

/** How far the proof of one item went: under a key the reader gave, under the exhibit's own, or not at all. */
export type ProofState = 'pinned' | 'self-asserted' | 'failed';

/** What every part of the page needs besides what it shows. */
export interface PageContext {
  readonly t: Texts;
  readonly timeZone: string | null;
  readonly annotations: ReadonlyMap<number, readonly ExhibitAnnotation[]>;
  /** What the tool found in the text of an item, by LeafIndex. */
  readonly mentions: ReadonlyMap<number, readonly ExhibitMention[]>;
  /** By LeafIndex; empty before anything was verified. */
  readonly states: ReadonlyMap<number, ProofState>;
}

export function pageContext(
  document: Pick<ExhibitDocument, 'lang' | 'timeZone' | 'annotations' | 'mentions'>,
  states: ReadonlyMap<number, ProofState> = new Map(),
): PageContext {
  const annotations = Map.groupBy(document.annotations, (one) => one.index);
  const mentions = new Map(document.mentions?.map(({ index, found }) => [index, found]));
  return { t: textsOf(document.lang), timeZone: document.timeZone, annotations, mentions, states };
}
