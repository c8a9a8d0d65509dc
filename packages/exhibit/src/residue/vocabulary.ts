import { itemSlot } from '@custody/evidence';
import type { ExhibitDocument, ExhibitLeaf, ExhibitMention } from '../model.ts';
import { renderBody } from '../page/render-body.ts';
import { foldLetters, squash } from './fold-letters.ts';
import { utf8Latin1 } from './latin1.ts';
import { SQUASHED_MIN } from './needle-search.ts';
import type { Needle } from './needles.ts';

/** Fields that hold words of the model and the format, not content. */
const PLAIN_SLOTS: ReadonlySet<number> = new Set([itemSlot.type, itemSlot.locator, itemSlot.authentication]);
/** What the page says around content that is withheld from the control page. */
const PAGE_WORDS =
  'as found zone not stated clock precision device server sender unknown shown as AMBIGUOUS local time undated UTC not known ' +
  'not in this exhibit in the capture referred to, not in the capture attachment without a name bytes further record(s) characters';

/**
 * Needles without those that are words of every such exhibit: a withheld message "selected" must not forbid the page to
 * say so. They are still searched for in opened fields before an exhibit is put together.
 */
export function withoutVocabulary(document: ExhibitDocument, needles: readonly Needle[]): Needle[] {
  const control: ExhibitDocument = {
    ...document,
    ...{ exhibitRef: null, producer: null, selection: [], entries: [], segments: [], conversations: [] },
    case: { ...document.case, title: '' },
    derivations: document.derivations.map((one) => ({ ...one, captureName: '' })),
    leaves: document.leaves.map((leaf) => (leaf.kind === 1 ? controlLeaf(leaf) : leaf)),
    completeness: { ...document.completeness, notes: [], inventory: [] },
    ...{ redactions: [], annotations: [], mentions: [] },
  };
  const keys = [...JSON.stringify(document).matchAll(/"([A-Za-z0-9]+)":/g)].map((match) => match[1]);
  const found = document.mentions?.flatMap((one) => one.found.flatMap(wordsOfMention)) ?? [];
  const words = `${renderBody(control)}\n${[...new Set([...keys, ...found])].join('\n')}\n${PAGE_WORDS}`.toLowerCase();
  const vocabulary = utf8Latin1(words);
  const squashed = squash(foldLetters(words));
  const known = new Map<string, boolean>();
  return needles.filter(({ text }) => {
    let isWord = known.get(text);
    if (isWord === undefined) {
      isWord = vocabulary.includes(utf8Latin1(text.toLowerCase())) || isSpaced(text, squashed);
      known.set(text, isWord);
    }
    return !isWord;
  });
}

/** A word of every exhibit that somebody wrote with other spaces or signs. */
function isSpaced(text: string, vocabulary: string): boolean {
  const letters = squash(foldLetters(text));
  return letters.length >= SQUASHED_MIN && vocabulary.includes(letters);
}

/** Names that the extractor gives: never what it read. */
function wordsOfMention(one: ExhibitMention): readonly string[] {
  return [one.class, one.type, one.tier, ...one.folds, ...one.alternatives.map(({ type }) => type)];
}

function controlLeaf(leaf: ExhibitLeaf): ExhibitLeaf {
  const nothing = { digest: '00'.repeat(32) };
  return {
    ...leaf,
    index: 0,
    fields: leaf.fields.map((field, i) => (PLAIN_SLOTS.has(i + 1) ? field : nothing)),
  };
}
