/**
 * Writes src/amounts/cldr-currency-names.ts: names of currencies in the languages of the cases, singular and plural, as
 * Unicode CLDR has them in the ICU of this Node (Unicode Licence v3). Run again when CLDR changes:
 * `node --conditions=source packages/entities/bench/make-currency-names.ts`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LANGS =
  'en nl fr de es pt it tr pl sv sq ro ru ar hi zh ja ko nb da bg hr cs uk he ca hu fi el id vi mn ka ga'.split(' ');
/** Where the noun stands in a name of several words; what is not here puts it last. */
const NOUN_FIRST = new Set('fr es pt it pl ro ar he ca'.split(' '));
/** Where a name is one word, or its noun carries an ending that other words have too. */
const WITHOUT_NOUNS = new Set('tr sq fi el id vi mn ka ga zh ja'.split(' '));
const CODES =
  'USD EUR GBP CHF JPY CNY INR TRY RUB PLN SEK NOK DKK CZK RON KRW MXN SAR IRR AED KWD AUD CAD NZD HKD SGD TWD BRL ZAR UAH ' +
  'HUF BGN RSD ALL MKD BAM MDL ISK ILS EGP MAD TND DZD LBP JOD IQD QAR OMR BHD YER PKR LKR NPR BDT THB VND IDR MYR PHP ' +
  'KHR LAK MMK MNT KZT UZS GEL AMD AZN NGN GHS KES TZS UGX ETB XAF XOF ARS CLP COP PEN UYU CRC PAB CUP DOP JMD TTD BZD ' +
  'FIM NLG DEM FRF ESP ITL BEF ATS PTE IEP GRD HRK KWD LYD SYP AFN XCD VES GTQ HNL NIO PYG BOB BYN KGS TJS TMT';
const COUNTS = [1, 2, 3, 5, 11, 100, 1.5];
/** Nouns that are other words too, or that too many countries share to mean one. */
const NOT_ALONE = new Set(
  (
    'real reals som sum sol sols colon colons crown crowns mark marks units mwanga pa pula boliviano soles sole lek leks ' +
    'don dong riyal new convertible leu ban denar denars dram drams kip kips taka takas guarani afghani som won wons us rand ' +
    'lira liras lire peso pesos сша емирства оае emirater emirates herzegowina nouveau nouveaux nuovo nuovi nuevo nuevos novo novos nowy nowego ' +
    'וון לב לק לאו new neue neuer neues'
  ).split(' '),
);

function namesOf(lang: string, code: string): string[] {
  const single = new Intl.DisplayNames(lang, { type: 'currency', fallback: 'none' }).of(code);
  const options = { style: 'currency', currency: code, currencyDisplay: 'name' } as const;
  const counted = COUNTS.map((count) =>
    new Intl.NumberFormat(`${lang}-u-nu-latn`, options)
      .formatToParts(count)
      .filter((part) => part.type === 'currency')
      .map((part) => part.value)
      .join(''),
  );
  const all = [...(single === undefined ? [] : [single]), ...counted].map(clean);
  return [...new Set(all)].filter((name) => name.length > 1 && name !== code.toLowerCase() && !/[0-9()|]/.test(name));
}

/** Small letters, plain spaces, and what CLDR puts in brackets left out. */
function clean(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('i\u0307', 'i')
    .replace(/\s*[([（].*$/u, '')
    .replace(/[\s\u00a0\u200f\u200e]+/gu, ' ')
    .trim();
}

function nounOf(lang: string, name: string): string | null {
  const words = name.split(/[ -]/);
  if (words.length < 2 || WITHOUT_NOUNS.has(lang)) return null;
  const noun = NOUN_FIRST.has(lang) ? words[0] : words.at(-1);
  return noun === undefined || noun.length < 3 || NOT_ALONE.has(noun) || /[.'’]/.test(noun) ? null : noun;
}

function rowOf(lang: string): string {
  const full = new Map<string, string>();
  const nouns = new Map<string, Set<string>>();
  for (const code of new Set(CODES.split(' '))) {
    for (const name of namesOf(lang, code)) {
      if (!full.has(name)) full.set(name, code);
      const noun = nounOf(lang, name);
      if (noun !== null) nouns.set(noun, (nouns.get(noun) ?? new Set()).add(code));
    }
  }
  for (const [noun, codes] of nouns) if (!full.has(noun)) full.set(noun, [...codes].slice(0, 5).join('/'));
  const byCode = Map.groupBy(full, ([, codes]) => codes);
  return [...byCode].map(([codes, names]) => `${codes}=${names.map(([name]) => name).join(',')}`).join('|');
}

const rows = LANGS.map((lang) => `  ${lang}: ${quoted(rowOf(lang))},`);
const text = `// biome-ignore-all format: data, a language a line.

/**
 * Names of currencies in many languages: \`CODE=name,name|CODE/OTHER=name\`. Written by bench/make-currency-names.ts from
 * Unicode CLDR ${process.versions.cldr} (Unicode Licence v3, https://www.unicode.org/license.txt): do not edit.
 */
export const cldrCurrencyNames: Readonly<Record<string, string>> = {
${rows.join('\n')}
};
`;
writeFileSync(fileURLToPath(new URL('../src/amounts/cldr-currency-names.ts', import.meta.url)), text);

function quoted(value: string): string {
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
}
