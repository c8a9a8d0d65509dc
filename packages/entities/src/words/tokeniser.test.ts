import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldQuery } from './fold-query.ts';
import { LONGEST_WORD, Tokeniser } from './tokeniser.ts';

const tokeniser = new Tokeniser();

function words(text: string | Uint8Array): string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const found: string[] = [];
  tokeniser.tokenise(bytes, 0, bytes.length, (start, length) => {
    found.push(new TextDecoder().decode(tokeniser.arena.subarray(start, start + length)));
  });
  return found;
}

/** Whether a person who types `query` finds `text`. */
function finds(query: string, text: string): boolean {
  const indexed = new Set(words(text));
  return foldQuery(query).some((alternative) => alternative.every((word) => indexed.has(word)));
}

describe('Tokeniser', () => {
  it('cuts into folded words', () => {
    expect(words('Hello, WORLD 42!')).toEqual(['hello', 'world', '42']);
    expect(words('Crème Brûlée, straße Ørsted')).toEqual(['creme', 'brulee', 'strasse', 'orsted']);
    expect(words('ＦＵＬＬ　ｗｉｄｔｈ １２３')).toEqual(['full', 'width', '123']);
    expect(words('٠١٢٣ و १२३')).toEqual(['0123', 'و', '123']);
  });

  it('gives compounds in parts and joined', () => {
    expect(words('te-koop')).toEqual(['te', 'koop', 'tekoop']);
    expect(words('06-12345678')).toEqual(['06', '12345678', '0612345678']);
    expect(words('06 12 34 56 78')).toEqual(['06', '12', '34', '56', '78', '0612345678']);
    expect(words('jan@example.nl')).toEqual(['jan', 'example', 'nl']);
    expect(words('at 10 20 people')).toEqual(['at', '10', '20', 'people']);
  });

  it('gives pairs where a script has no spaces', () => {
    expect(words('我要去北京')).toEqual(['我要', '要去', '去北', '北京']);
    expect(words('買 iPhone手机')).toEqual(['買', 'iphone', '手机']);
  });

  it('is not parted by invisible characters', () => {
    expect(words('to\u200bday soft\u00adhyphen e\u0301te\u0301')).toEqual(['today', 'softhyphen', 'ete']);
  });

  it.each([
    ['yatirdim', 'Parayı YATIRDIM dün'],
    ['yatırdım', 'YATIRDIM'],
    ['yatirdim', 'yatırdım'],
    ['ISTANBUL', 'İstanbul’da'],
    ['istanbul', 'ıstanbul'],
    ['06-12345678', 'bel 0612345678'],
    ['0612345678', 'bel 06-12345678 of 06 12345678'],
    ['06 12345678', 'bel 06-12345678'],
    ['te-koop', 'fiets te koop!'],
    ['te koop', 'TE-KOOP'],
    ['te koop', 'tekoop'],
    ['mueller', 'Herr Müller'],
    ['+31 6 12345678', 'bel 06-12345678'],
    ['0031612345678', 'bel 06 12345678'],
    ['القاهره', 'في القاهرة'],
    ['tekoop', 'te-koop'],
    ['jan@example.nl', 'Mail Jan@Example.NL even'],
    ['dont', "don't do it"],
    ["don't", 'don’t'],
    ['cafe', 'Café'],
    ['北京', '我要去北京'],
    ['０６－１２３４５６７８', 'bel 06-12345678'],
    ['06–12345678', 'bel 0612345678'],
    ['0612345678', 'bel (06) 12345678'],
    ['06-12345678', 'bel (06) 1234 5678'],
    ['0612345678', 'bel +31 (0)6 1234 5678'],
    ['06-12345678', 'ok 0031 6 12345678'],
    ['+31612345678', 'ok 0031 6 12345678'],
    ['0031612345678', 'ok +31 6 12345678'],
    ['+49 30 1234567', 'ok 0049301234567'],
    ['030-23125001', 'Tel. (030) 231 25 001'],
    ['+31\u00a06\u00a012345678', 'bel 31 6 12345678'],
    ['Müller', 'mueller'],
    ['Müller', 'MULLER'],
    ['Bjørn', 'Bjoern'],
    ['Ängström', 'Aengstroem'],
    ['JAN@EXAMPLE.NL', 'schrijf jan@example.nl.'],
    ['@kran_fahrer', 'das ist Kran-Fahrer'],
    ['kranfahrer', '@kran_fahrer'],
    ['dogrudan', 'DOĞRUDAN'],
    ['IŞIK', 'ışık'],
    ['isik', 'IŞIK'],
    ['東京', '東京駅で'],
    ['テスト', 'ﾃｽﾄ'],
    ['안녕', '안녕하세요'],
  ])('a query of %s finds: %s', (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it('does not find what is not there', () => {
    expect(finds('te-koop', 'te huur')).toBe(false);
    expect(finds('blue', 'blu')).toBe(false);
    expect(finds('queen', 'quen')).toBe(false);
    expect(finds('0612345678', 'bel 0612345679')).toBe(false);
    expect(finds('0612345678', 'om 06 uur, nummer 1234')).toBe(false);
    expect(finds('1234567', 'om 12 34')).toBe(false);
    expect(finds('jan@example.nl', 'jan@example.org')).toBe(false);
    expect(finds('北京', '南京')).toBe(false);
    expect(finds('yatirdim', 'yatırma')).toBe(false);
    expect(foldQuery('!?')).toEqual([]);
  });

  it('hashes equal words equally and keeps words within their bound, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const seen = new Map<string, number>();
        tokeniser.tokenise(bytes, 0, bytes.length, (start, length, hash) => {
          const word = Buffer.from(tokeniser.arena.subarray(start, start + length)).toString('latin1');
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(LONGEST_WORD);
          expect(seen.get(word) ?? hash).toBe(hash);
          seen.set(word, hash);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('a text is found by itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        if (foldQuery(text).length > 0) expect(finds(text, text)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
