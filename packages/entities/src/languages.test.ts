import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractText } from './extract-text.ts';

function read(text: string, lang?: string, region?: string): string[] {
  const options = { ...(lang === undefined ? {} : { lang }), ...(region === undefined ? {} : { region }) };
  return extractText(text, options).map((mention) => `${mention.type} ${mention.value}`);
}

describe('money in words', () => {
  it.each([
    ['two hundred and fifty quid', 'GBP 250'],
    ['half a million euros', 'EUR 500000'],
    ['ten grand', 'USD 10000'],
    ['zweihundertfünfzig Euro', 'EUR 250'],
    ['anderhalf miljoen euro', 'EUR 1500000'],
    ['quatre-vingt-dix euros', 'EUR 90'],
    ['doscientos treinta euros', 'EUR 230'],
    ['duzentos reais', 'BRL 200'],
    ['duemilacinquecento euro', 'EUR 2500'],
    ['yüz elli lira', 'TRY 150'],
    ['pięćset złotych', 'PLN 500'],
    ['tvåhundra kronor', 'SEK 200'],
    ['pesë mijë lekë', 'ALL 5000'],
    ['două sute de lei', 'RON 200'],
    ['двести тысяч рублей', 'RUB 200000'],
    ['пять косарей', 'RUB 5000'],
    ['पांच हजार रुपये', 'INR 5000'],
    ['خمسون دولار', 'USD 50'],
    ['两千五百块', 'CNY 2500'],
    ['三十五万円', 'JPY 350000'],
    ['4억 2천만 달러', 'USD 420000000'],
    ['50元6角3分', 'CNY 50.63'],
    ['vijf euro vijftig', 'EUR 5.5'],
    ['he wants 20 crore.', 'INR 200000000'],
    ['on bin dolar', 'USD 10000'],
    ['dy mijë euro', 'EUR 2000'],
    ['yüz elli bin TL', 'TRY 150000'],
    ['tres mil quinientos euros', 'EUR 3500'],
    ['trzy i pół tysiąca złotych', 'PLN 3500'],
    ['douăzeci și cinci de mii de euro', 'EUR 25000'],
    ['jumătate de milion de euro', 'EUR 500000'],
    ['خمسة وعشرين ألف يورو', 'EUR 25000'],
    ['مليون ونصف دولار', 'USD 1500000'],
    ['20 دولار و43 سنت', 'USD 20.43'],
    ['2억 5천만 네덜란드 휠던', 'NLG 250000000'],
    ['100 중국 위안', 'CNY 100'],
    ['20 Tsd. Euro', 'EUR 20000'],
    ['5000:-', 'SEK 5000'],
    ['Rs.500/-', 'INR 500'],
    ['COP 1.500.000', 'COP 1500000'],
    ['$1.500.000 COP', 'COP 1500000'],
    ['1.5mil€', 'EUR 1500000'],
    ['$ 3 millones en 2008', 'USD 3000000'],
    ['twee ton euro', 'EUR 200000'],
    ['5 штук баксов', 'USD 5000'],
  ])('%s', (text, value) => {
    expect(read(text)).toEqual([`money ${value}`]);
  });

  it('takes no article, no `together` and no count of something else for a sum', () => {
    for (const text of ['a real problem', '我们一块去', 'thousands of dollars', 'a pound of cure', '20 people'])
      expect(read(text).filter((one) => !one.startsWith('money GBP'))).toEqual([]);
    expect(read('20 euro 15 pills')).toEqual(['money EUR 20', 'count 15 pill']);
  });
});

describe('masses', () => {
  it.each([
    ['half a kilo', ['0.5 kg']],
    ['ein halbes Kilo', ['0.5 kg']],
    ['½ kg', ['0.5 kg']],
    ['due chili', ['2 kg']],
    ['dos kilos y medio', ['2.5 kg']],
    ['un chilo e mezzo', ['1.5 kg']],
    ['două kile', ['2 kg']],
    ['полкило', ['0.5 kg']],
    ['5-10 kg', ['5 kg', '10 kg']],
    ['27 a kilo', []],
    ['a few kilos', []],
  ])('%s', (text, values) => {
    expect(read(text)).toEqual(values.map((value) => `mass ${value}`));
  });
});

describe('telephone numbers', () => {
  it('are read by the region, and graded by its plan', () => {
    const [mention] = extractText('bel 06-12345678', { region: 'NL' });
    expect(mention).toMatchObject({ type: 'phone', value: '+31612345678', grade: 'valid', tier: 'context' });
    expect(read('call (415) 555-2671 now')).toEqual(['phone +14155552671']);
  });

  it('are no dates, addresses, accounts or orders', () => {
    for (const text of ['16-04-2010', 'account 12345678', 'order 1234567890123', 'dsl-082-082-066-197.example.net'])
      expect(read(text).filter((one) => one.startsWith('phone'))).toEqual([]);
  });
});

describe('plates', () => {
  it('are read after a word that names one, and in the form of the region', () => {
    expect(read('kenteken AB-123-C')).toEqual(['plate AB123C']);
    expect(read('Das Auto B AB 1234 steht hier', 'de', 'DE')).toEqual(['plate BAB1234']);
    expect(read('u 2mrw at 10 den no, for 150p', 'en', 'GB')).toEqual(['money GBP 1.5']);
  });
});

describe('disguise', () => {
  it.each([
    ['３００元', 'money CNY 300', 'full-width'],
    ['١٢٣٤ دولار', 'money USD 1234', 'native-digits'],
    ['+31 6 12\u200b34 5678', 'phone +31612345678', 'invisible'],
    ['b\u04411qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'btc bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'homoglyph'],
    ['€ 𝟓𝟎𝟎', 'money EUR 500', 'styled'],
    ['tel 0 6 1 2 3 4 5 6 7 8', 'phone 0612345678', 'spaced'],
    ['jan (at) example (dot) nl', 'email jan@example.nl', 'spelt-sign'],
  ])('%s is read, the span stays as written', (text, value, fold) => {
    const [mention] = extractText(text);
    expect(`${mention?.type} ${mention?.value}`).toBe(value);
    expect(mention?.folds).toEqual([fold]);
    expect(text.slice(mention?.start, mention?.end)).toBe(mention?.text);
  });

  it('leaves no offset outside the text or inside a character, whatever the text', () => {
    const signs = fc.constantFrom(
      ...'0123456789 .,-+@:/[](){}$€£¥元万千百十三ａ０１٣५𝟓а一dotat​\u202e\ud800\udc00\0\n',
      'one ',
      'euro ',
      'dot ',
      'kr ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(signs, { maxLength: 60 }).map((list) => list.join('')),
        ),
        (text) => {
          for (const { start, end, text: raw } of extractText(text)) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(text.slice(start, end)).toBe(raw);
            const [first, after] = [text.charCodeAt(start), text.charCodeAt(end)];
            const splitsPair = (at: number, unit: number): boolean =>
              unit >= 0xdc00 && unit < 0xe000 && at > 0 && /[\ud800-\udbff]/.test(text.charAt(at - 1));
            expect(splitsPair(start, first) || splitsPair(end, after)).toBe(false);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
