import { describe, expect, it } from 'vitest';
import { Extractor } from './extractor.ts';

/** Set for the long run only: each text is 100 MB on one line. */
const IS_LONG = process.env.CUSTODY_LONG === '1';
const SIZE = IS_LONG ? 100_000_000 : 100_000;
const PIECES = [
  '1',
  '12 ',
  '@',
  'a@',
  'a.',
  'a:',
  '+1 ',
  'a://',
  'one two ',
  '一二三',
  '$ a dollar ',
  '05/12/2024 ',
  'wickr ',
  '52°2',
  'O1',
  '0.0.',
];

function line(piece: string, size: number): Uint8Array {
  const bytes = new TextEncoder().encode(piece);
  const text = new Uint8Array(Math.floor(size / bytes.length) * bytes.length);
  text.set(bytes);
  for (let filled = bytes.length; filled < text.length; filled *= 2)
    text.copyWithin(filled, 0, Math.min(filled, text.length - filled));
  return text;
}

describe(`lines of ${SIZE / 1e6} MB${IS_LONG ? '' : ' (100 MB with CUSTODY_LONG=1)'}`, () => {
  it.each(PIECES)(
    '%s again and again: no crash, offsets inside the text and in order',
    (piece) => {
      const text = line(piece, SIZE);
      let last = 0;
      let wrong = 0;
      new Extractor({ region: 'NL' }).scan(text, 0, text.length, ({ start, end }) => {
        if (start < last || end <= start || end > text.length || ((text[start] as number) & 0xc0) === 0x80) wrong++;
        last = start;
      });
      expect(wrong).toBe(0);
    },
    120_000,
  );
});
