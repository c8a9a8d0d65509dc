import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { canonicalValue } from './canonical-value.ts';
import { extractText, type TextMention } from './extract-text.ts';

/** Rows of the sets differ from source to source; each test reads the fields it knows. */
interface Row {
  readonly address: string;
  readonly coin: string;
  readonly valid: boolean;
  readonly iban: string;
  readonly recognizer: string;
  readonly text: string;
  readonly expected_len: number;
  readonly model: string;
  readonly lang: string;
  readonly input: string;
  readonly results: readonly {
    readonly Text: string;
    readonly Resolution?: { readonly value: string | null; readonly unit?: string };
  }[];
  readonly cc: string;
  readonly national: string;
}

/** Coins of the address set by the type they are found under; other coins are not in the vocabulary yet. */
const COINS: Readonly<Record<string, readonly string[]>> = {
  btc: ['bitcoin', 'btc'],
  eth: ['ethereum', 'eth', 'usdc', 'tether', 'usdt', 'bnb', 'binance', 'avax', 'arb', 'op'],
  xmr: ['monero', 'xmr'],
  ltc: ['litecoin', 'ltc'],
  doge: ['dogecoin', 'doge'],
  dash: ['dash'],
  trx: ['trx'],
};

describeWithShared('the labelled sets', (folder) => {
  const read = (name: string): Row[] =>
    readFileSync(join(folder, 'labelled', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);

  it('finds every valid address of the coins it knows, and no false one', () => {
    const rows = read('crypto_addresses.jsonl');
    for (const [type, coins] of Object.entries(COINS)) {
      const own = rows.filter((row) => coins.includes(row.coin) && hasFormOf(type, row));
      // Test networks share one form, and the set lists it under several coins.
      const isFound = (mention: TextMention, row: Row): boolean =>
        row.valid ? mention.class === 'account' : mention.type === type;
      const found = (row: Row): boolean => spanned(row.address).some((mention) => isFound(mention, row));
      expect(own.filter((row) => row.valid && !found(row)).map((row) => row.address)).toEqual([]);
      expect(own.filter((row) => !row.valid && found(row)).map((row) => row.address)).toEqual([]);
    }
  });

  it('finds the IBANs and no others', () => {
    const rows = read('presidio_tests.jsonl').filter((row) => row.recognizer === 'iban' && row.iban !== undefined);
    const wrong = rows.filter((row) => ofType(row.iban, 'iban').length !== row.expected_len);
    report('IBAN: rows wrong', wrong.length, rows.length);
    expect(wrong.length / rows.length).toBeLessThanOrEqual(0.01);
  });

  it.each([
    ['IpAddressModel', 'ip', 0.98],
    ['URLModel', 'url', 0.95],
    ['EmailModel', 'email', 0.95],
    ['MentionModel', 'username', 1],
  ])('%s: spans of %s', (model, type, least) => {
    const rows = read('recognizers_text.jsonl').filter((row) => row.model === model);
    const score = spans(
      rows,
      (row) => ofType(row.input, type),
      (row) => row.results.map((result) => result.Text),
    );
    report(`${type}: F1`, score, 1);
    expect(score).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ['English', 0.88],
    ['French', 0.8],
    ['Italian', 0.8],
    ['German', 0.75],
  ])('money in %s: spans, and values where the span is right', (lang, least) => {
    const rows = read('recognizers_text.jsonl').filter((row) => row.model === 'CurrencyModel' && row.lang === lang);
    const valued = (row: Row) => row.results.filter((result) => result.Resolution?.value != null);
    const score = spans(
      rows,
      (row) => ofType(row.input, 'money'),
      (row) => valued(row).map((result) => result.Text),
    );
    report(`money in ${lang}: F1`, score, 1);
    expect(score).toBeGreaterThanOrEqual(least);
    const wrong = rows.flatMap((row) => valued(row).filter((result) => hasWrongValue(row, result)));
    expect(wrong).toEqual([]);
  });

  it('gives values that are canonical', () => {
    const texts = read('recognizers_text.jsonl').map((row) => row.input);
    const mentions = texts.flatMap((text) => extractText(text));
    expect(mentions.length).toBeGreaterThan(1000);
    expect(mentions.filter(({ type, value }) => canonicalValue(type, value) !== value)).toEqual([]);
  });

  it('finds the example numbers of the countries', () => {
    const rows = read('libphonenumber_examples.jsonl');
    const missed = rows.filter(
      (row) =>
        !ofType(`call +${row.cc}${row.national} now`, 'phone').some(
          (mention) => mention.value === `+${row.cc}${row.national}`,
        ),
    );
    report('example numbers missed', missed.length, rows.length);
    expect(missed.length / rows.length).toBeLessThanOrEqual(0.01);
  });

  it('finds next to nothing in chat that holds next to nothing', () => {
    const text = readFileSync(join(folder, 'corpora', 'ubuntu-irc', 'dev_test.raw.txt'), 'utf8');
    const talk = text.split('\n').filter((line) => line.startsWith('['));
    const doubtful = talk.flatMap((line) => extractText(line)).filter((mention) => !isPlausible(mention));
    report('device, account, amount and telephone mentions in lines of chat', doubtful.length, talk.length);
    expect((doubtful.length / talk.length) * 1000).toBeLessThanOrEqual(1);
  });
});

function report(what: string, value: number, of: number): void {
  console.info(`${what}: ${Number.isInteger(value) ? value : value.toFixed(3)} of ${of}`);
}

function ofType(text: string, type: string): TextMention[] {
  return extractText(text).filter((mention) => mention.type === type);
}

function spanned(text: string): TextMention[] {
  return extractText(text).filter((mention) => mention.start === 0 && mention.end === text.length);
}

/** The set lists addresses under the chains a token moves on: only those written as the type is are compared. */
function hasFormOf(type: string, row: Row): boolean {
  if (type === 'eth') return row.valid ? row.address.startsWith('0x') && row.address.length === 42 : false;
  if (type === 'btc') return row.valid ? !row.address.startsWith('G') : /^(bc1|BC1|12Q)/.test(row.address);
  return true;
}

/** F1 of spans compared by their text, without case, as the sets give it. */
function spans(
  rows: readonly Row[],
  find: (row: Row) => TextMention[],
  expected: (row: Row) => readonly string[],
): number {
  let right = 0;
  let found = 0;
  let wanted = 0;
  for (const row of rows) {
    const left = find(row).map((mention) => mention.text.toLowerCase());
    found += left.length;
    for (const text of expected(row)) {
      wanted++;
      const at = left.indexOf(text.toLowerCase());
      if (at < 0) continue;
      right++;
      left.splice(at, 1);
    }
  }
  return (2 * right) / (found + wanted);
}

/** Parts of a unit are given in that unit by the set, so only whole units are compared. */
function hasWrongValue(row: Row, result: Row['results'][number]): boolean {
  const mention = ofType(row.input, 'money').find((one) => one.text.toLowerCase() === result.Text.toLowerCase());
  const { value, unit } = result.Resolution ?? {};
  if (mention === undefined || value == null || /cent|penn|pence|satoshi|öre/i.test(unit ?? '')) return false;
  const readings = [mention.value, ...(mention.alternatives ?? []).map((other) => other.value)];
  return !readings.some((reading) => Number(reading.split(' ')[1]) === Number(value.replace(',', '.')));
}

/** Links, names and addresses are what that chat is about; the rest hardly occurs in it. */
function isPlausible(mention: TextMention): boolean {
  return ['url', 'email', 'username', 'ip', 'mac', 'matrix'].includes(mention.type);
}
