import { describe, expect, it } from 'vitest';
import { extractText } from '../extract-text.ts';
import { TextFolder } from './fold-text.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function folded(text: string): string | null {
  const bytes = encoder.encode(`x${text}`);
  const folder = new TextFolder();
  return folder.fold(bytes, 1, bytes.length) ? decoder.decode(folder.bytes.subarray(0, folder.length)) : null;
}

describe('a text in plainer signs', () => {
  it.each([
    ['０６１', '061'],
    ['٠٦١٫٥', '061.5'],
    ['2½ kg', '2.5 kg'],
    ['½ kg', '0.5 kg'],
    ['⑳ and 𝟙', '20 and 1'],
    ['a\u200bb\ufe0fc', 'abc'],
    ['pаypal', 'paypal'],
    ['0 6 1 2 3 4 5 6', '06123456'],
    ['O6l2345678', '0612345678'],
    ['5OOO', '5000'],
    ['jan [at] example (dot) nl', 'jan@example.nl'],
    ['jan ТОЧКА nl', 'jan.nl'],
    ['jan apenstaartje example.nl', 'jan@example.nl'],
  ])('%s', (text, plain) => expect(folded(text)).toBe(plain));

  it.each(['plain', 'привет', 'S12345678', '0 6 1', 'meet me at the dot'])('leaves %s as it is', (text) =>
    expect(folded(text)).toBeNull(),
  );

  it('is not made of what is no UTF-8', () => {
    const broken = [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe0, 0x80, 0x80],
      [0xe2, 0x80],
    ];
    for (const bytes of broken)
      expect(new TextFolder().fold(Uint8Array.of(0xc2, 0xbd, ...bytes), 0, bytes.length + 2)).toBe(false);
  });

  it('is the same whatever was folded before it in the same memory', () => {
    const folder = new TextFolder();
    for (const text of ['½'.repeat(900), '½', '⑳'.repeat(300), 'x']) {
      const bytes = encoder.encode(text);
      const done = folder.fold(bytes, 0, bytes.length);
      expect(done ? decoder.decode(folder.bytes.subarray(0, folder.length)) : null).toBe(folded(text));
    }
  });

  it('keeps the place of what was read', () => {
    const [mention] = extractText('mail jan [at] example [dot] nl');
    expect(mention).toMatchObject({
      value: 'jan@example.nl',
      text: 'jan [at] example [dot] nl',
      folds: ['spelt-sign'],
    });
  });
});
