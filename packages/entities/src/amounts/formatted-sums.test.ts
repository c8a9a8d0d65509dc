import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';

/** Language, and whose money is written in it; the country of the text is that of the language. */
const LOCALES: readonly (readonly [string, string])[] = [
  ...([
    ['en-GB', 'GBP EUR USD'],
    ['en-US', 'USD EUR'],
    ['nl-NL', 'EUR USD'],
    ['fr-FR', 'EUR USD GBP'],
    ['de-DE', 'EUR CHF'],
    ['de-CH', 'CHF EUR'],
    ['es-ES', 'EUR USD'],
    ['pt-BR', 'BRL USD'],
    ['pt-PT', 'EUR'],
    ['it-IT', 'EUR'],
    ['tr-TR', 'TRY USD'],
    ['pl-PL', 'PLN EUR USD'],
    ['sv-SE', 'SEK EUR'],
    ['sq-AL', 'ALL EUR'],
    ['ro-RO', 'RON EUR'],
    ['ru-RU', 'RUB USD EUR'],
  ] as const),
  ...([
    ['ar-EG', 'EGP USD EUR'],
    ['ar-AE', 'AED USD'],
    ['ar-MA', 'MAD'],
    ['hi-IN', 'INR USD'],
    ['hi-IN-u-nu-deva', 'INR'],
    ['en-IN', 'INR'],
    ['zh-CN', 'CNY USD'],
    ['ja-JP', 'JPY USD'],
    ['ko-KR', 'KRW'],
  ] as const),
];
const SUMS = [12, 99.5, 1234, 1234.5, 12345.67, 50000, 250000, 1234567.89, 35000000];
/** The Egyptian pound's narrow sign, and the Hindi abbreviation of ten million, are not read. */
const LEFT_OUT = /E£|क॰/;

function formatted(locale: string, currency: string, options: Intl.NumberFormatOptions): [string, string][] {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...options });
  const isCompact = options.notation === 'compact';
  return SUMS.map((sum) => {
    const value = isCompact
      ? Number(sum.toPrecision(3))
      : Number(sum.toFixed(currency === 'JPY' || currency === 'KRW' ? 0 : 2));
    return [format.format(sum), `${currency} ${value}`];
  });
}

describe('sums as CLDR writes them', () => {
  it.each(LOCALES)('%s: %s', (locale, currencies) => {
    const region = new Intl.Locale(locale).region ?? '';
    const wrong: string[] = [];
    for (const currency of currencies.split(' '))
      for (const currencyDisplay of ['symbol', 'narrowSymbol', 'code', 'name'] as const)
        for (const notation of ['standard', 'compact'] as const)
          for (const [text, value] of formatted(locale, currency, {
            currencyDisplay,
            notation,
            ...(notation === 'compact' ? { maximumSignificantDigits: 3 } : {}),
            ...(currency === 'ALL' ? { minimumFractionDigits: notation === 'compact' ? 0 : 2 } : {}),
          })) {
            if (LEFT_OUT.test(text)) continue;
            const found = extractText(text, { region }).filter(({ type }) => type === 'money');
            if (found.length !== 1 || found[0]?.value !== value)
              wrong.push(`${text}: ${found.map((one) => one.value)}`);
          }
    expect(wrong).toEqual([]);
  });
});
