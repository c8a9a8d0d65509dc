import { encodeCbor, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { DerivedValues } from './derived-values.ts';

function stated(value: string, text: string, region: string | null = 'NL'): string[] {
  const derived = new DerivedValues();
  derived.add(value, 3, region);
  const bytes = utf8Encode(text);
  return derived.placesIn(bytes, region).map(({ from, to }) => new TextDecoder().decode(bytes.subarray(from, to)));
}

describe('a withheld value in another spelling is found', () => {
  it.each([
    ['+31612345678', 'bel 06-12345678 even', '06-12345678'],
    ['06-12345678', 'bel +31 6 1234 5678 even', '+31 6 1234 5678'],
    ['+31612345678', 'bel ٠٦-١٢٣٤٥٦٧٨ even', '٠٦-١٢٣٤٥٦٧٨'],
    ['EUR 5000', 'it was € 5.000,00 then', '€ 5.000,00'],
    ['NL91ABNA0417164300', 'to NL91 ABNA 0417 1643 00 please', 'NL91 ABNA 0417 1643 00'],
    ['someone@mail.example', 'mail SOMEONE@mail.example now', 'SOMEONE@mail.example'],
  ])('%s', (value, text, found) => {
    expect(stated(value, text)).toEqual([found]);
  });

  it('without a region, by the end of the number', () => {
    expect(stated('+31612345678', 'bel 06-12345678 even', null)).toEqual(['06-12345678']);
  });

  it('and nothing else is', () => {
    expect(stated('+31612345678', 'bel 06-12345679 of EUR 5000')).toEqual([]);
    expect(stated('Operation Heron', 'bel 06-12345678')).toEqual([]);
  });

  it('inside a value of a field', () => {
    const derived = new DerivedValues();
    derived.add('+31612345678', 7, 'NL');
    const field = encodeCbor(new Map([['note', ['call 06-12345678']]]));
    expect([...derived.rulesIn(field, 'NL')]).toEqual([7]);
  });
});
