import { describe, expect, it } from 'vitest';
import { explainMention } from '../explain.ts';
import { extractText } from '../extract-text.ts';
import { Dictionary } from './dictionary.ts';

const dictionary = Dictionary.parse(
  JSON.stringify({
    name: 'Example',
    terms: [
      { term: ['blok', 'blokken'], unit: '1 kg' },
      { term: ['rack', 'racks'], unit: 'USD 1000' },
      { term: ['eighth'], unit: '3.5 g' },
      { term: 'snow white', means: 'cocaine' },
      { term: 'Çilek', means: 'a person' },
      { term: '白小姐', means: 'cocaine' },
    ],
    watch: [{ type: 'phone', value: '+31 6 12345678', label: 'subject A' }],
  }),
);

function found(text: string): string[] {
  return extractText(text, { dictionary }).map(({ type, value }) => `${type} ${value}`);
}

describe('a dictionary of the lab', () => {
  it.each([
    ['3 blokken', ['mass 3 kg']],
    ['twee blokken, 2,5 blok', ['mass 2 kg', 'mass 2.5 kg']],
    ['five racks', ['money USD 5000']],
    ['2 eighths or 2 eighth', ['mass 0.007 kg']],
    ['the racks', ['codeword rack']],
    ['Snow White and SNOW-WHITE', ['codeword cocaine', 'codeword cocaine']],
    ['ÇILEK and çilek', ['codeword a person', 'codeword a person']],
    ['有白小姐吗', ['codeword cocaine']],
    ['snowwhite, snow, crack', []],
    ['5 euro for 3 blokken', ['money EUR 5', 'mass 3 kg']],
  ])('%s', (text, mentions) => {
    expect(found(text)).toEqual(mentions);
  });

  it('changes nothing for texts without its words, and marks what is watched', () => {
    const text = 'call +31 6 12345678, € 1.250,00';
    const plain = extractText(text);
    expect(extractText(text, { dictionary })).toEqual([{ ...plain[0], watched: ['subject A'] }, plain[1]]);
  });

  it.each([
    ['no', 'it is not JSON'],
    ['[]', 'the file has to be an object'],
    ['{"terms":[]}', 'it has neither'],
    ['{"term":[]}', 'the file has the key "term"'],
    ['{"terms":[{"term":""}]}', 'terms[0].term has to be a text'],
    ['{"terms":[{"term":"6 pack"}]}', 'terms[0].term has to begin with a letter'],
    ['{"terms":[{"term":["ok","a b c d e f"]}]}', 'terms[0].term[1] has more than 5 words'],
    ['{"terms":[{"term":"rack","unit":"1000"}]}', 'terms[0].unit has to read like'],
    ['{"watch":[{"type":"fax","value":"1"}]}', 'watch[0].type is "fax"'],
  ])('refuses %s', (text, message) => {
    expect(() => Dictionary.parse(text)).toThrow(message);
  });
});

describe('an explanation', () => {
  it('names rule, validator, cue word, reading and folds', () => {
    const text = 'his imei is ３５２０９９００１７６１４８１';
    const [mention] = extractText(text);
    expect(mention && explainMention(text, mention)).toEqual({
      rule: '15 digits (3GPP TS 23.003 6.2.1)',
      validator: 'Luhn check digit holds, first two digits are a reporting body’s',
      cue: 'imei',
      folded: 'full-width',
      tier: 'a checksum inside it holds',
    });
    const dutch = 'ik heb nog 1,250 kg voor je';
    const [mass] = extractText(dutch);
    expect(mass && explainMention(dutch, mass).reading).toBe('read as nl is written, as the words of the message show');
  });
});
