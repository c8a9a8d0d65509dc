import {
  Culture,
  recognizeCurrency,
  recognizeEmail,
  recognizeIpAddress,
  recognizePhoneNumber,
  recognizeURL,
} from '@microsoft/recognizers-text-suite';
import { near } from './currency-units.ts';
import { readRows } from './labelled-rows.ts';
import { distinct, LANGUAGES, meansSums } from './money-measures.ts';
import { Tally } from './tally.ts';

/** Languages whose currencies the JavaScript edition of Recognizers-Text reads. */
const CULTURES: Readonly<Record<string, string>> = {
  English: Culture.English,
  Spanish: Culture.Spanish,
  French: Culture.French,
  Portuguese: Culture.Portuguese,
  Chinese: Culture.Chinese,
};

/** Names of units as Duckling has them. */
const CODES: Readonly<Record<string, string>> = {
  Cent: 'USD',
  Euro: 'EUR',
  Pound: 'GBP',
  Rupee: 'INR',
  'Indian rupee': 'INR',
};

type Found = ReturnType<typeof recognizeCurrency>[number];
type Recognize = (query: string, culture: string) => Found[];

const SEQUENCES: readonly (readonly [string, string, Recognize])[] = [
  ['PhoneNumberModel', 'phone', recognizePhoneNumber],
  ['IpAddressModel', 'ip', recognizeIpAddress],
  ['URLModel', 'url', recognizeURL],
  ['EmailModel', 'email', recognizeEmail],
];

/** What Microsoft's Recognizers-Text finds on its own sets and Duckling's, scored as we are. Its misses are its own: they are not listed. */
export function recognizersTallies(showUnseen: boolean): Tally[] {
  const tallies = [...currencies(showUnseen), duckling(showUnseen), ...sequences(showUnseen)];
  for (const tally of tallies) tally.misses.length = 0;
  return tallies;
}

function currencies(showUnseen: boolean): Tally[] {
  const rows = readRows('recognizers_text.jsonl').filter((row) => row.model === 'CurrencyModel');
  return Object.entries(CULTURES).map(([language, culture]) => {
    const tally = new Tally(`peer Recognizers-Text: money ${LANGUAGES[language]}`, showUnseen);
    for (const row of distinct(rows.filter((one) => one.lang === language))) {
      const labels = row.results
        .filter((result) => result.Resolution?.value != null)
        .map((result) => ({ text: result.Text, label: result.Resolution as { value: string; unit?: string } }));
      const found = recognizeCurrency(row.input, culture).map(({ text, resolution }) => ({
        text,
        value: `${resolution.value} ${resolution.unit}`,
      }));
      tally.spans(row.input, labels, found, (label, value) => isSame(value, label));
    }
    return tally;
  });
}

function isSame(value: string, label: { readonly value: string; readonly unit?: string }): boolean {
  const [amount, ...unit] = value.split(' ');
  return near(Number(amount), Number(label.value)) && unit.join(' ') === label.unit;
}

function duckling(showUnseen: boolean): Tally {
  const tally = new Tally('peer Recognizers-Text: duckling EN', showUnseen);
  for (const row of readRows('duckling_corpus.jsonl')) {
    if (row.dim !== 'AmountOfMoney' || !row.positive || !row.lang.startsWith('EN')) continue;
    if (row.value.includes('Unnamed') && !/bucks/.test(row.text)) continue;
    const sums = recognizeCurrency(row.text, Culture.English).map(({ resolution }) => sumOf(resolution));
    tally.row(`${row.lang} ${row.text}`, meansSums(row.value, sums), row.value);
  }
  return tally;
}

/** Its unit as a code where it gives none: any dollar counts as one, and its cents as hundredths. */
function sumOf(resolution: Found['resolution']): { value: string } {
  const { value, unit, isoCurrency } = resolution as { value?: string; unit?: string; isoCurrency?: string };
  const code = isoCurrency ?? CODES[unit ?? ''] ?? (/dollar/i.test(unit ?? '') ? 'USD' : 'unknown');
  return { value: `${code} ${Number(value) * (unit === 'Cent' ? 0.01 : 1)}` };
}

function sequences(showUnseen: boolean): Tally[] {
  const rows = readRows('recognizers_text.jsonl');
  return SEQUENCES.map(([model, name, recognize]) => {
    const tally = new Tally(`peer Recognizers-Text: ${name}`, showUnseen);
    for (const row of rows.filter((one) => one.model === model)) {
      const labels = row.results.map((result) => ({ text: result.Text, label: null }));
      const culture = CULTURES[row.lang] ?? Culture.English;
      const found = recognize(row.input, culture).map(({ text }) => ({ text, value: text }));
      tally.spans(row.input, labels, found);
    }
    return tally;
  });
}
