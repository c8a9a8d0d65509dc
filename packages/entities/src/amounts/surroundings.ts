import type { CurrencyName } from './meaning.ts';
import { NumberReading } from './number-reading.ts';
import { WordBeside } from './words-beside-numbers.ts';

/** What stands around a number: read once, used for money, mass and counts. */
export interface Surroundings {
  readonly number: NumberReading;
  /** A currency before the number, if `hasBefore`. */
  readonly before: WordBeside;
  hasBefore: boolean;
  /** The word after the number and its power of ten, if `hasAfter`. */
  readonly after: WordBeside;
  hasAfter: boolean;
  /** The currency of a range, from its other number. */
  inherited: { readonly name: CurrencyName; readonly code: string; readonly prefixed: boolean } | null;
  /** 3 for `k`; 0 where there is none. */
  power: number;
  /** The power where no currency follows it. */
  powerAlone: number;
  /** End of number, `,-` and power. */
  end: number;
  /** Whether the power is one letter apart from the number, which without a currency after it may mean nothing. */
  doubtfulPower: boolean;
  /** End of the number and of the `,-` that says it is round, before its power. */
  plainEnd: number;
  /** Whether it is spelt out. */
  inWords: boolean;
}

export function noSurroundings(): Surroundings {
  return {
    number: new NumberReading(),
    before: new WordBeside(),
    hasBefore: false,
    after: new WordBeside(),
    hasAfter: false,
    inherited: null,
    power: 0,
    powerAlone: 0,
    end: 0,
    doubtfulPower: false,
    plainEnd: 0,
    inWords: false,
  };
}
