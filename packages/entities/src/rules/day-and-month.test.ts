import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';

const read = (text: string, region: string): string[] =>
  extractText(text, { region })
    .filter(({ type }) => type === 'datetime')
    .map(({ value, text: span, alternatives }) =>
      [value, span, ...(alternatives ?? []).map((one) => one.value)].join(' '),
    );

describe('day and month in figures', () => {
  it.each([
    ['op 12-05 lever ik', 'NL', '--05-12 12-05 --12-05'],
    ['due on 05/12', 'US', '--05-12 05/12 --12-05'],
    ['rdv le 12/05 à 15h', 'FR', '--05-12 12/05 --12-05'],
    ['el 3/7 a las 8', 'ES', '--07-03 3/7 --03-07'],
    ['spotkanie 12.05 o 15:00', 'PL', '--05-12 12.05 --12-05'],
    ['встреча 12.05 в 15:00', 'RU', '--05-12 12.05 --12-05'],
    ['on 25/12', 'GB', '--12-25 25/12'],
  ])('%s', (text, region, wanted) => {
    expect(read(text, region)).toEqual([wanted]);
  });

  it.each([
    ['score 12/05', 'GB'],
    ['le 3/4 du temps', 'FR'],
    ['op 24/7', 'NL'],
    ['we lost 3-1 at 5 pm', 'GB'],
    ['gewonnen 3-2 um 20 uhr', 'DE'],
    ['dalle 10.12 alle 12.30', 'IT'],
    ['on 32/13', 'GB'],
    ['v on 12.05', 'GB'],
    ['on 12/05/2', 'GB'],
  ])('not in %s', (text, region) => {
    expect(read(text, region)).toEqual([]);
  });
});
