import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adversarialKinds } from '../bench/adversarial-kinds.ts';
import { readMention } from './extract-text.ts';
import { Extractor } from './extractor.ts';
import { shortened } from './repeated-stretches.ts';

const encoder = new TextEncoder();
const extractor = new Extractor({ region: 'NL' });

/** Long enough that something is left out of it. */
function repeated(piece: string): string {
  const size = encoder.encode(piece).length;
  return piece.repeat(Math.ceil(4200 / size) + 840);
}

function mentions(text: string, scan: 'scan' | 'scanInFull'): string[] {
  const bytes = encoder.encode(`##${text}`);
  const found: string[] = [];
  extractor[scan](bytes, 2, bytes.length, (mention) => found.push(JSON.stringify(readMention(mention))));
  return found;
}

function isSame(text: string): boolean {
  const short = mentions(text, 'scan');
  const full = mentions(text, 'scanInFull');
  return short.length === full.length && short.every((mention, k) => mention === full[k]);
}

describe('a text that says the same over and over', () => {
  it('gives the mentions that reading all of it gives, whatever is repeated', () => {
    const wrong = adversarialKinds.filter((kind) => !isSame(`send € 12,50 ${repeated(kind)} mail a@example.com`));
    expect(wrong).toEqual([]);
  }, 60_000);

  it('the same for pieces of several beginnings, and for two stretches in one text', () => {
    const kind = fc.constantFrom(...adversarialKinds);
    const piece = fc.array(kind, { minLength: 1, maxLength: 3 }).map((kinds) => kinds.join(''));
    fc.assert(
      fc.property(piece, piece, (one, other) => isSame(`${repeated(one)} then ${repeated(other)}`)),
      { numRuns: process.env.CUSTODY_LONG === '1' ? 2000 : 8, seed: 6 },
    );
  }, 600_000);

  it('leaves out multiples of the piece from the middle, and nothing of other texts', () => {
    const piece = 'pin 1 ';
    const text = encoder.encode(`first ${repeated(piece)} last`);
    const short = shortened(text, 0, text.length);
    const [cut] = short?.cuts ?? [];
    expect(cut?.piece).toBe(piece.length);
    expect((cut?.removed ?? 1) % piece.length).toBe(0);
    expect(short?.bytes.length).toBe(text.length - (cut?.removed ?? 0));
    const lines = Array.from({ length: 2000 }, (_, k) => `message ${k} of many\n`).join('');
    expect(shortened(encoder.encode(lines), 0, lines.length)).toBeNull();
  });
});
