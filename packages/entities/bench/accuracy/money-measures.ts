import { extractText, type TextMention } from '../../src/index.ts';
import { near, sameSum } from './currency-units.ts';
import { type Row, readRows } from './labelled-rows.ts';
import { Tally } from './tally.ts';

/** Languages of the sets by name. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ English: 'en', Spanish: 'es', French: 'fr', Portuguese: 'pt', Chinese: 'zh', German: 'de', Italian: 'it' },
  ...{ Dutch: 'nl', Turkish: 'tr', Swedish: 'sv', Japanese: 'ja', Korean: 'ko', Hindi: 'hi', Arabic: 'ar' },
};

/** Spans and values of the currency model, a tally for each language. */
export function currencyTallies(showUnseen: boolean): Tally[] {
  const rows = readRows('recognizers_text.jsonl').filter((row) => row.model === 'CurrencyModel');
  return Object.entries(LANGUAGES).flatMap(([name, lang]) => {
    const tally = new Tally(`money ${name}`, showUnseen);
    const own = distinct(rows.filter((row) => row.lang === name));
    for (const row of own) countCurrency(tally, row, lang);
    return own.length === 0 ? [] : [tally];
  });
}

function countCurrency(tally: Tally, row: Row, lang: string): void {
  const found = extractText(row.input, { lang }).filter((mention) => mention.type === 'money');
  const labels = row.results
    .filter((result) => result.Resolution?.value != null)
    .map((result) => ({ text: result.Text, label: result.Resolution as { value: string; unit?: string } }));
  tally.spans(row.input, labels, found, (label, value) => sameSum(value, label));
}

/** A text that stands in several sets counts once. */
export function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.input, row])).values()];
}

/** Money of the Duckling corpus: the row is right when the sums it means are the ones found. */
export function ducklingTallies(showUnseen: boolean): Tally[] {
  const rows = readRows('duckling_corpus.jsonl').filter((row) => row.dim === 'AmountOfMoney' && row.positive);
  const groups = new Map<string, Tally>();
  for (const row of rows) {
    if (row.value.includes('Unnamed') && !/bucks/.test(row.text)) continue;
    const [lang = '', region] = row.lang.split('/');
    const tally = groups.get(lang) ?? new Tally(`duckling money ${lang}`, showUnseen);
    groups.set(lang, tally);
    const found = extractText(row.text, { lang: lang.toLowerCase(), ...(region === undefined ? {} : { region }) });
    const sums = found.filter((mention) => mention.type === 'money');
    const read = sums.map((mention) => mention.value).join(', ');
    tally.row(`${row.lang} ${row.text}`, meansSums(row.value, sums), `${row.value} read as ${read}`);
  }
  return [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of Duckling for units that several currencies share. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  Dollar: ['USD', 'AUD', 'CAD', 'NZD', 'INR', 'GBP', 'EUR', 'BZD', 'PHP', 'ZAR', 'JMD', 'TTD', 'COP', 'MXN', 'ARS'],
  Pound: ['GBP', 'EGP', 'LBP', 'IEP'],
  Dinar: ['KWD', 'IQD', 'RSD', 'DZD', 'TND', 'JOD', 'LYD', 'BHD'],
  Riyal: ['SAR', 'QAR', 'OMR', 'YER'],
  Rial: ['IRR', 'OMR', 'YER', 'SAR', 'QAR'],
  Dirham: ['AED', 'MAD'],
};

/** Whether sums are those that Duckling's value means: `(simple EUR 20)`, `(between Dollar (10, 20))`. */
export function meansSums(value: string, sums: readonly Pick<TextMention, 'value'>[]): boolean {
  const parts = /^\((\w+) (\w+) \(?([\d.e+]+)(?:, ([\d.e+]+)\))?/.exec(value);
  if (parts === null) return false;
  const [, , unit = '', first, second] = parts;
  const wanted = [first, second].filter((one) => one !== undefined).map(Number);
  if (unit === 'Cent') return sums.length === 1 && near(amountOf(sums[0]), (wanted[0] as number) / 100);
  const fits = (mention: Pick<TextMention, 'value'>, amount: number): boolean =>
    near(amountOf(mention), amount) && isUnit(mention.value.split(' ')[0] as string, unit);
  return sums.length === wanted.length && sums.every((mention, k) => fits(mention, wanted[k] as number));
}

function amountOf(mention: Pick<TextMention, 'value'> | undefined): number {
  return Number(mention?.value.split(' ')[1]);
}

function isUnit(code: string, unit: string): boolean {
  return unit === 'Unnamed' || code === unit || (SHARED[unit] ?? []).includes(code);
}
