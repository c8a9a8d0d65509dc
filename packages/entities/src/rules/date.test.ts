import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';

function dates(text: string, region?: string): string[] {
  const found = extractText(text, region === undefined ? {} : { region });
  return found.filter(({ type }) => type === 'datetime').map(({ value }) => value);
}

describe('dates', () => {
  it.each([
    ['2024-05-12T14:30:05.123+02:00', '2024-05-12T14:30:05.123+02:00'],
    ['2024-05-12 14:30', '2024-05-12T14:30'],
    ['12.05.2024', '2024-05-12'],
    ['1/2/2024 at 9:15 pm', '2024-02-01T21:15'],
    ['12/31/2024', '2024-12-31'],
    ['on 12 May 2024', '2024-05-12'],
    ['the 12th of May, 2024', '2024-05-12'],
    ['May 12, 2024', '2024-05-12'],
    ['12. März 2024', '2024-03-12'],
    ['12 mei 2024 om 14:30', '2024-05-12T14:30'],
    ['12 de mayo de 2024', '2024-05-12'],
    ['le 12 août 2024 à 9h30', '2024-08-12T09:30'],
    ['12 Mayıs 2024 saat 14:30', '2024-05-12T14:30'],
    ['12 мая 2024 в 14:30', '2024-05-12T14:30'],
    ['2024年5月12日', '2024-05-12'],
    ['١٢ مايو ٢٠٢٤', '2024-05-12'],
    ['12.05.24 kommst du mit dem auto', '2024-05-12'],
  ])('%s', (text, value) => {
    expect(dates(text)).toEqual([value]);
  });

  it.each(['2.6.18', '10.04.12', '30.02.2024', '2024-13-01', '2024-05-12-foo', '192.168.12.2024', '5/12'])(
    'none in %s',
    (text) => {
      expect(dates(text)).toEqual([]);
    },
  );

  it.each([
    ['see you 12 May', '--05-12'],
    ['am 5. März um 14:30', '--03-05T14:30'],
    ['op 3 juni graag', '--06-03'],
    ['el 3 de marzo nos vemos', '--03-03'],
    ['3 мая в 10:00', '--05-03T10:00'],
    ['on April 3rd, at ten', '--04-03'],
    ['5월 12일 봐', '--05-12'],
    ['5月12日见', '--05-12'],
    ['29 febbraio', '--02-29'],
  ])('without a year: %s', (text, value) => {
    expect(dates(text)).toEqual([value]);
  });

  it.each([
    '12 may be enough',
    '10 out of 10',
    'May 5 people come?',
    '2 mars bars',
    '31 juin',
    'on 12 May 3024',
    '1 ago',
  ])('none without a year in %s', (text) => {
    expect(dates(text)).toEqual([]);
  });

  it('name the other reading where day and month could change places, and know whose come first', () => {
    const [mention] = extractText('05/12/2024');
    expect(mention).toMatchObject({ value: '2024-12-05', alternatives: [{ type: 'datetime', value: '2024-05-12' }] });
    expect(dates('05/12/2024', 'US')).toEqual(['2024-05-12']);
  });
});

describe('the language of a message', () => {
  it.each([
    ['ik heb nog 1,250 kg voor je', 'mass 1.25 kg', 'nl'],
    ['we have 1.250 kg for you', 'mass 1.25 kg', 'en'],
    ['ich habe noch 1.250 kg für dich', 'mass 1250 kg', 'de'],
    ['necesito $5 mil para el lunes', 'money USD 5000', 'es'],
    ['he needs 2.5 mil usd by the end of the week', 'money USD 2500000', 'en'],
  ])('%s', (text, value, code) => {
    const [mention] = extractText(text);
    expect(`${mention?.type} ${mention?.value}`).toBe(value);
    expect(mention?.language).toEqual({ code, from: 'message' });
    expect(mention?.alternatives?.length).toBeGreaterThan(0);
  });

  it('is the caller’s where the caller names it, and absent where nothing shows it', () => {
    expect(extractText('1.250 kg', { lang: 'en' })[0]).toMatchObject({
      value: '1.25 kg',
      language: { code: 'en', from: 'given' },
    });
    expect(extractText('1.250 kg')[0]?.language).toBeUndefined();
  });
});
