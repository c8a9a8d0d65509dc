import { ByteLexicon } from '../amounts/byte-lexicon.ts';
import { decimal } from '../amounts/decimal.ts';
import { canonicalValue } from '../canonical-value.ts';
import { type DictionaryTerm, readDictionaryJson } from './read-dictionary.ts';
import type { Term, TermSource } from './term-source.ts';

/**
 * A lab's own code words, measures and watch list, compiled for the extractor's one pass. `parse` reads the JSON that
 * packages/entities/README.md describes; a mistake in it is a UsageError that says where.
 */
export class Dictionary implements TermSource {
  readonly name: string;
  readonly #terms: ByteLexicon<Term>;
  readonly #beginnings: readonly string[];
  readonly #watched: ReadonlyMap<string, readonly string[]>;

  /** `text`: the dictionary file. Throws UsageError DICTIONARY_INVALID. */
  static parse(text: string): Dictionary {
    return new Dictionary(text);
  }

  private constructor(text: string) {
    const file = readDictionaryJson(text);
    this.name = file.name;
    const terms = new Map<string, Term>();
    for (const term of file.terms) for (const spelling of term.spellings) addTerm(terms, spelling, term);
    this.#terms = new ByteLexicon(terms);
    this.#beginnings = file.terms.flatMap(({ spellings }) => spellings.flatMap(spellingsOf)).map(firstWord);
    const watched = new Map<string, string[]>();
    for (const { type, value, label } of file.watch) {
      const key = `${type} ${canonicalValue(type, value) ?? value}`;
      watched.set(key, [...(watched.get(key) ?? []), label]);
    }
    this.#watched = watched;
  }

  /** The term `bytes[start..end)`, in any case, or null. */
  find(bytes: Uint8Array, start: number, end: number): Term | null {
    return this.#terms.find(bytes, start, end);
  }

  /** First words of the terms, for the filter. */
  get beginnings(): readonly string[] {
    return this.#beginnings;
  }

  /** Labels under which a value is on the watch list; null where it is not. `value` is canonical. */
  watched(type: string, value: string): readonly string[] | null {
    return this.#watched.get(`${type} ${value}`) ?? null;
  }
}

function addTerm(terms: Map<string, Term>, spelling: string, term: DictionaryTerm): void {
  const unit = term.unit === null ? null : { ...term.unit, each: decimal(term.unit.each) };
  for (const one of spellingsOf(spelling)) {
    const words = one.split(' ').length;
    const known = terms.get(one);
    terms.set(one, { means: term.means, unit, words: Math.max(words, known?.words ?? 1), isPrefix: false });
    if (words < 2) continue;
    const first = firstWord(one);
    const prefix = terms.get(first);
    const most = Math.max(words, prefix?.words ?? 1);
    terms.set(
      first,
      prefix === undefined ? { means: '', unit: null, words: most, isPrefix: true } : { ...prefix, words: most },
    );
  }
}

/** Lookups fold the case of ASCII only: other letters are entered in each case they may have. Words may be joined by hyphens. */
function spellingsOf(term: string): string[] {
  const lower = term.toLowerCase();
  const forms = [lower, lower.normalize('NFC'), lower.normalize('NFD'), lower.replaceAll(' ', '-')];
  return [
    ...new Set(forms.flatMap((form) => [form, form.toUpperCase(), form.charAt(0).toUpperCase() + form.slice(1)])),
  ];
}

function firstWord(term: string): string {
  return term.split(' ')[0] as string;
}
