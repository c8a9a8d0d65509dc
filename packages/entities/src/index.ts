export { canonicalValue } from './canonical-value.ts';
export { Dictionary } from './dictionary/dictionary.ts';
export type { Term, TermSource } from './dictionary/term-source.ts';
export type { EntitiesErrorCode } from './errors.ts';
export { type Explanation, explainMention } from './explain.ts';
export { eachMention, extractText, type Mention, readMention, type TextMention } from './extract-text.ts';
export { EXTRACTOR_VERSION, Extractor, type ExtractorOptions } from './extractor.ts';
export { foldNames } from './folds/fold-text.ts';
export type { Alternative, FoundMention, MentionSink } from './resolve.ts';
export {
  classOf,
  type EntityClass,
  type EntityType,
  type EntityTypeId,
  entityTypes,
  type Tier,
  type TierId,
  tiers,
  typeId,
  typeName,
} from './vocabulary.ts';
export { foldQuery } from './words/fold-query.ts';
export { isLoneUnspaced } from './words/fold-table.ts';
export { LONGEST_WORD, TOKENISER_VERSION, Tokeniser, type TokenSink } from './words/tokeniser.ts';
