import { utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { SplitNames } from './split-names.ts';

function namesOf(...values: readonly string[]): SplitNames {
  const names = new SplitNames();
  for (const [rule, value] of values.entries()) names.add(value, rule);
  return names;
}
const found = (names: SplitNames, ...texts: readonly string[]) => [
  ...names.rulesIn(texts.map((text) => utf8Encode(text))),
];

describe('a withheld name', () => {
  it('is told by its words apart, in one text or in several values', () => {
    const names = namesOf('Ada Example', 'Zoë van der Quillfeather');
    expect(found(names, 'QUILLFEATHER, Zoe')).toEqual([]);
    const others = namesOf('Beatrix Example', 'Zoltan van der Quillfeather');
    expect(found(others, '{"last": "Quillfeather"}', '{"first": "zoltan"}')).toEqual([1]);
    expect(found(others, 'Quillfeather alone')).toEqual([]);
    expect(found(others, 'BEATRIX', 'Quillfeather', 'Example')).toEqual([0]);
  });

  it('has its words found where they stand', () => {
    const names = namesOf('Beatrix Example');
    const text = utf8Encode('an Example of Beatrix');
    expect(names.placesIn(text, new Set([0])).map(({ from, to }) => [from, to])).toEqual([
      [3, 10],
      [14, 21],
    ]);
    expect(names.placesIn(text, new Set())).toEqual([]);
    expect([...names.rulesOfWords(utf8Encode('beatrix'), new Set([0]))]).toEqual([0]);
  });

  it('is no sentence, no number and no single word', () => {
    const names = namesOf('the red car', 'Grootzwam', '+31 6 5550 0177', 'One Two Three Four Five Six Seven');
    expect(found(names, 'the car was red', 'Grootzwam', '0177 5550', 'Seven Three Four Five')).toEqual([]);
  });
});
