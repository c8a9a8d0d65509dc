import { EXTRACTOR_VERSION, Extractor, type Mention, readMention } from '@custody/entities';
import { itemSlot } from '@custody/evidence';
import { type ExhibitItemMentions, type ExhibitLeaf, type ExhibitMention, shownRuns } from '@custody/exhibit';

/** Extractors, one for each region that derivations are read by. */
export class RegionExtractors {
  readonly #extractors = new Map<string, Extractor>();

  /** Mentions in a text in UTF-8; offsets count its bytes. */
  find(bytes: Uint8Array, region: string | null): Mention[] {
    const key = region ?? '';
    const extractor = this.#extractors.get(key) ?? new Extractor(region === null ? {} : { region });
    this.#extractors.set(key, extractor);
    const found: Mention[] = [];
    extractor.scan(bytes, 0, bytes.length, (mention) => found.push(readMention(mention)));
    return found;
  }
}

/**
 * What the extractor finds in what is shown of an item's text, stretch by stretch: nothing that is withheld is read, so
 * that no mention, tier or reading tells of it. Null where there is nothing.
 */
export function mentionsOfLeaf(
  leaf: Pick<ExhibitLeaf, 'index' | 'kind' | 'fields'>,
  region: string | null,
  extractors: RegionExtractors,
): ExhibitItemMentions | null {
  if (leaf.kind !== 1) return null;
  const found: ExhibitMention[] = [];
  for (const run of shownRuns(leaf.fields[itemSlot.body - 1])) {
    if (run === null) continue;
    for (const mention of extractors.find(run.bytes, region)) found.push(mentionJson(mention, run.from));
  }
  return found.length === 0 ? null : { index: leaf.index, extractor: EXTRACTOR_VERSION, region, found };
}

function mentionJson(mention: Mention, from: number): ExhibitMention {
  const { type, value, start, end, tier, folds = [], alternatives = [] } = mention;
  return {
    ...{ class: mention.class, type, value, start: start + from, end: end + from, tier, folds },
    alternatives: alternatives.map((one) => ({ type: one.type, value: one.value })),
  };
}

/** Whether a mention of the exhibit is found again in what it shows. */
export function isRepeated(shown: ExhibitItemMentions, again: ExhibitItemMentions | null): boolean {
  const known = new Set(again?.found.map((one) => JSON.stringify(inOrder(one))));
  return shown.found.every((one) => known.has(JSON.stringify(inOrder(one))));
}

function inOrder({ type, value, start, end, tier, folds, alternatives, ...rest }: ExhibitMention): unknown[] {
  return [rest.class, type, value, start, end, tier, folds, alternatives.map((one) => [one.type, one.value])];
}
