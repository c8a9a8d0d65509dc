import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';

/** `type value` of each mention. */
function found(text: string, region = ''): string[] {
  return extractText(text, { region }).map(({ type, value }) => `${type} ${value}`);
}

describe('telephone numbers said in words', () => {
  it.each([
    ['GB', 'ring me on oh seven seven double oh nine hundred one four two', '+447700900142'],
    ['GB', 'oh seven seven zero zero, nine zero zero, one four two', '+447700900142'],
    ['NL', 'bel nul zes een twee drie vier vijf zes zeven acht', '+31612345678'],
    ['NL', 'nul zes twaalf vierendertig zesenvijftig achtenzeventig', '+31612345678'],
    ['DE', 'null eins fünf eins eins zwei drei vier fünf sechs sieben acht', '+4915112345678'],
    ['FR', 'mon num: zéro six douze trente-quatre cinquante-six soixante-dix-huit', '+33612345678'],
    ['ES', 'llama al seis uno dos tres cuatro cinco seis siete ocho', '+34612345678'],
    ['US', 'call two oh two five five five oh one four seven', '+12025550147'],
    ['US', 'hit me at three one zero five five five zero one four two', '+13105550142'],
    ['BE', 'nul vier zeven nul twaalf vierendertig zesenvijftig', '+32470123456'],
    ['IT', 'chiama tre tre tre uno due tre quattro cinque sei sette', '+393331234567'],
    ['PL', 'dzwoń pięć jeden dwa trzy cztery pięć sześć siedem osiem', '+48512345678'],
    ['RU', 'звони восемь девять один шесть один два три четыре пять шесть семь', '+79161234567'],
    ['TR', 'ara sıfır beş üç iki bir iki üç dört beş altı yedi', '+905321234567'],
    ['', 'plus three one six one two three four five six seven eight', '+31612345678'],
    ['', 'oh six one two three four five six seven eight', '0612345678'],
  ])('%s %s', (region, text, value) => {
    expect(found(text, region)).toEqual([`phone ${value}`]);
  });

  it.each([
    'one two three four five six seven eight nine ten',
    'ten nine eight seven six five four three two one go',
    'we won four one, then lost two three, then two two',
    'one of two or three of four',
    'lotto numbers seven twelve twenty three thirty four forty one forty nine',
    'stand een nul, twee een, drie een, vier een, vijf twee',
    'seven eight nine people came at six',
    'een twee drie vier hoedje van papier',
  ])('none in %s', (text) => {
    expect(found(text)).toEqual([]);
    expect(found(text, 'NL')).toEqual([]);
  });

  it('a thousand digits in words are no number', () => {
    for (const region of ['', 'GB', 'NL', 'DE', 'US']) expect(found('oh six one two '.repeat(250), region)).toEqual([]);
  });
});
