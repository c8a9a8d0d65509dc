import type { Decimal } from './decimal.ts';
import type { PowerOfTen } from './quantity-words.ts';

/** How a name of a currency may be used beside a number. */
export interface CurrencyName {
  readonly code: string;
  /** Codes it may stand for as well. */
  readonly others: readonly string[];
  /** Power of ten of the unit: -2 for cents, -8 for satoshis. */
  readonly scale: number;
  /** What one is worth where that is no power of ten: a dime, a grand. */
  readonly worth: Decimal | null;
  /** Whether it stands before numbers too. */
  readonly before: boolean;
  /** Believed in capitals only: it is a word or a name otherwise. */
  readonly capitals: boolean;
  /** Whether one article may count it: `a dollar`, but not `a real`. */
  readonly articled: boolean;
  /** A word of two letters or more that may be spelt out (`dollars`), not a sign or a code. */
  readonly isWord: boolean;
}

/** Words that join the parts of a number. */
export const LINK_AND = 1;
export const LINK_POINT = 2;
export const LINK_HALF = 4;
/** `a`, `ein`, `een`: one, where the name of a unit follows. */
export const LINK_ARTICLE = 8;
/** `de`, `个`: between a number and its unit. */
export const LINK_OF = 16;
/** `to`, `bis`: between the numbers of a range. */
export const LINK_TO = 32;

/** `between`: a range whose numbers `and` joins may follow. */
export const LINK_BETWEEN = 64;

/** Everything a word or sign beside a number may mean. */
export interface Meaning {
  currency: CurrencyName | null;
  power: PowerOfTen | null;
  mass: Decimal | null;
  piece: string | null;
  /** Code of the country's currency, for `swiss` in `swiss francs`. */
  country: string | null;
  /** Its value, for the word of a number; -1 where it is none. */
  number: number;
  /** The language in which this short word is a number, where it is another word in most: empty for all others. */
  weak: string;
  /** Bits LINK_. */
  link: number;
  /** Whether a number may begin with it where nothing else has led there. */
  begins: boolean;
  /** Most words of a name that begins with this word; 1 where there is none longer. */
  words: number;
  /** Whether it is only the beginning of longer names. */
  isPrefix: boolean;
}

export function emptyMeaning(): Meaning {
  return {
    currency: null,
    power: null,
    mass: null,
    piece: null,
    country: null,
    number: -1,
    weak: '',
    link: 0,
    begins: false,
    words: 1,
    isPrefix: true,
  };
}
