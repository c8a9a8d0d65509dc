import { NeedleSearch } from '@custody/exhibit';

/** A word of a withheld name. */
interface NameWord {
  readonly text: string;
  readonly rule: number;
}

/** A word that begins with a capital, or with a letter that has none; shorter ones occur everywhere by chance. */
const WORD = /^(?:\p{Lu}|\p{Lo})[\p{L}\p{M}'’.-]{3,}$/u;
/** What has more words is a sentence. */
const MOST_WORDS = 6;

/**
 * Withheld names whose words stand apart: a first and a last name in two columns, or the last name first. Where all the
 * words of a name stand in one text or one record, each of them there tells of it.
 */
export class SplitNames {
  readonly #words: NameWord[] = [];
  #search: NeedleSearch<NameWord> | null = null;

  /** Takes a withheld value in, if two or more of its words are such. */
  add(value: string, rule: number): void {
    const all = value.trim().split(/[\s,]+/);
    const words = all.filter((word) => WORD.test(word));
    if (words.length < 2 || all.length > MOST_WORDS) return;
    if (this.#words.some((one) => one.rule === rule)) return;
    this.#words.push(...words.map((text) => ({ text, rule })));
    this.#search = null;
  }

  /** Rules of the names all of whose words stand in these values together. */
  rulesIn(values: readonly Uint8Array[]): Set<number> {
    if (this.#words.length === 0) return new Set();
    const found = new Set(values.flatMap((value) => [...this.#searched.find(value).keys()]));
    const missing = new Set(this.#words.filter((word) => !found.has(word)).map(({ rule }) => rule));
    return new Set(this.#words.map(({ rule }) => rule).filter((rule) => !missing.has(rule)));
  }

  /** Of these rules those that a word of their name in a value tells of. */
  rulesOfWords(value: Uint8Array, rules: ReadonlySet<number>): Set<number> {
    if (rules.size === 0) return new Set();
    return new Set([...this.#searched.find(value).keys()].map(({ rule }) => rule).filter((rule) => rules.has(rule)));
  }

  /** Places in a text at which words of these rules' names stand. */
  placesIn(text: Uint8Array, rules: ReadonlySet<number>): { rule: number; from: number; to: number }[] {
    if (rules.size === 0) return [];
    return [...this.#searched.places(text)]
      .filter(({ of }) => rules.has(of.rule))
      .map(({ of, from, to }) => ({ rule: of.rule, from, to }));
  }

  get #searched(): NeedleSearch<NameWord> {
    this.#search ??= new NeedleSearch(this.#words);
    return this.#search;
  }
}
