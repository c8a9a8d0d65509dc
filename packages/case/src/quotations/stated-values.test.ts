import { utf8Encode } from '@custody/bytes';
import { TextSearch } from '@custody/exhibit';
import { describe, expect, it } from 'vitest';
import { EXPUNGED_WORDS } from './event-texts.ts';
import { without } from './passages.ts';
import { StatedValues } from './stated-values.ts';

function hidden(text: string, values: StatedValues): string {
  const nothing = new TextSearch<string>([]);
  return without(text, { gone: nothing, kept: nothing, values }).replace(EXPUNGED_WORDS, '[…]');
}

function met(text: string, taken: string, kept: string | null = null, region: string | null = null): StatedValues {
  const values = new StatedValues([text], [region]);
  values.take(utf8Encode(taken), region);
  if (kept !== null) values.keep(utf8Encode(kept), region);
  return values;
}

describe('values typed in another form than the item has them', () => {
  it.each([
    ['é: call +31 6 1234 5678 today', '+31612345678', 'é: call […] today'],
    ['number 06-12345678?', '31612345678@s.example.net', 'number […]?'],
    ['number +31612345678', 'bel me op 06 1234 5678', 'number […]'],
    ['account NL91 ABNA 0417 1643 00', 'to NL91ABNA0417164300 please', 'account […]'],
    ['the handset 49-015420-323751-8', 'imei 490154203237518', 'the handset […]'],
    ['he asks EUR 431,000 for it', 'it is €431.000 now', 'he asks […] for it'],
    ['mail to A.Example@EXAMPLE.org', 'a.example@example.org', 'mail to […]'],
  ])('%s ← %s', (text, item, left) => {
    expect(hidden(text, met(text, item, null, 'NL'))).toBe(left);
  });

  it.each([
    ['on 2024-06-05 at 12:30', 'sent 2024-06-05T12:30:00Z'],
    ['2 kg and 30 pieces, EUR 20', '2 kg, 30 pieces, EUR 20'],
    ['call +31 6 1234 5678', '+31687654321'],
  ])('says nothing of: %s ← %s', (text, item) => {
    expect(hidden(text, met(text, item))).toBe(text);
  });

  it('stay, and are told, where something that stays states them', () => {
    const text = 'call +31 6 1234 5678';
    const values = met(text, '+31612345678', 'my number is 0031 6 12345678');
    expect(hidden(text, values)).toBe(text);
    expect(values.holdsKept(text)).toBe(true);
    expect(values.isSettled).toBe(true);
  });
});
