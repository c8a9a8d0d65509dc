import type { TermSource } from './dictionary/term-source.ts';
import { Extractor, type ExtractorOptions } from './extractor.ts';
import { foldNames } from './folds/fold-text.ts';
import type { Alternative, FoundMention } from './resolve.ts';
import { type EntityClass, type EntityType, entityTypes, type Tier, tiers } from './vocabulary.ts';

/** A mention with everything spelled out. Offsets count bytes or UTF-16 units, as the function says that made it. */
export interface Mention {
  readonly class: EntityClass;
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly tier: Tier;
  readonly alternatives?: readonly Alternative[];
  /** What was done to the span before it was read: `full-width`, `native-digits`, `invisible` … */
  readonly folds?: readonly string[];
  /** Of a telephone number: whether its country's plan has it, or only its length fits. */
  readonly grade?: 'valid' | 'possible';
  /** The language that chose between two readings of a number, and whether the caller named it or the message shows it. */
  readonly language?: { readonly code: string; readonly from: 'given' | 'message' };
}

/** A mention in a string: offsets in UTF-16 units, and the raw span. */
export interface TextMention extends Mention {
  readonly text: string;
  /** Labels under which the value is on the watch list of the dictionary. */
  readonly watched?: readonly string[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** One for each region and language in use; a hostile input may name any number of them. */
const MOST_EXTRACTORS = 256;
const extractors = new Map<string, Extractor>();
const withDictionary = new WeakMap<TermSource, Map<string, Extractor>>();

/** The mention in full, copied out of the sink's view. Offsets are bytes, as in the view. */
export function readMention(found: FoundMention): Mention {
  const entry = entityTypes[found.type] as EntityType;
  const mention = {
    class: entry.class,
    type: entry.type,
    value: decoder.decode(found.valueBytes.subarray(found.valueStart, found.valueEnd)),
    start: found.start,
    end: found.end,
    tier: tiers[found.tier] as Tier,
  };
  return {
    ...mention,
    ...(found.alternatives === null ? {} : { alternatives: found.alternatives }),
    ...(found.folds === 0 ? {} : { folds: foldNames.filter((_, bit) => ((found.folds >> bit) & 1) === 1) }),
    ...(found.grade === null ? {} : { grade: found.grade }),
    ...(found.language === null
      ? {}
      : { language: { code: found.language, from: found.languageGiven ? ('given' as const) : ('message' as const) } }),
  };
}

/** Mentions in `text`, in order of start. Lone surrogates are read as U+FFFD, and offsets stay those of `text`. */
export function extractText(text: string, options: ExtractorOptions = {}): readonly TextMention[] {
  const found: TextMention[] = [];
  eachMention(text, options, (mention) => found.push(mention));
  return found;
}

/** As `extractText`, one mention after the other: none is kept, however long the text. */
export function eachMention(text: string, options: ExtractorOptions, sink: (mention: TextMention) => void): void {
  const bytes = encoder.encode(text);
  const units = bytes.length === text.length ? null : new UnitOffsets(text);
  const { dictionary } = options;
  extractorFor(options).scan(bytes, 0, bytes.length, (found) => {
    const read = readMention(found);
    const start = units === null ? read.start : units.startAt(read.start);
    const end = units === null ? read.end : units.endAt(read.end);
    const mention = { ...read, text: text.slice(start, end), start, end };
    sink(dictionary === undefined ? mention : withLabels(mention, dictionary));
  });
}

function extractorFor({ region = '', lang = '', dictionary }: ExtractorOptions): Extractor {
  const key = `${region} ${lang}`;
  const cache =
    dictionary === undefined ? extractors : (withDictionary.get(dictionary) ?? new Map<string, Extractor>());
  if (dictionary !== undefined) withDictionary.set(dictionary, cache);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = new Extractor({ region, lang, ...(dictionary === undefined ? {} : { dictionary }) });
  if (cache.size < MOST_EXTRACTORS) cache.set(key, made);
  return made;
}

function withLabels(mention: TextMention, dictionary: TermSource): TextMention {
  const watched = dictionary.watched(mention.type, mention.value);
  return watched === null ? mention : { ...mention, watched };
}

/** Byte offsets as UTF-16 offsets. Starts rise from mention to mention; an end is walked to from its start. */
class UnitOffsets {
  readonly #text: string;
  #byte = 0;
  #unit = 0;

  constructor(text: string) {
    this.#text = text;
  }

  startAt(offset: number): number {
    const unit = this.#walk(offset);
    this.#byte = offset;
    this.#unit = unit;
    return unit;
  }

  /** Of the mention whose start was asked for last. */
  endAt(offset: number): number {
    return this.#walk(offset);
  }

  #walk(offset: number): number {
    let unit = this.#unit;
    for (let byte = this.#byte; byte < offset; ) {
      const point = this.#text.codePointAt(unit) as number;
      byte += encodedLength(point);
      unit += point > 0xffff ? 2 : 1;
    }
    return unit;
  }
}

/** Bytes that TextEncoder writes; a lone surrogate becomes the three bytes of U+FFFD. */
function encodedLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
