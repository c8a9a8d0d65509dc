import { describe, expect, it } from 'vitest';
import { canonicalValue } from './canonical-value.ts';
import { extractText } from './extract-text.ts';
import { classOf, entityTypes, typeId, typeName } from './vocabulary.ts';

describe('canonicalValue', () => {
  it.each([
    ['phone', '+31 6 12345678', '+31612345678'],
    ['phone', '31612345678', '+31612345678'],
    ['money', 'EUR 431,000', 'EUR 431000'],
    ['money', '€ 431.000', 'EUR 431000'],
    ['money', 'TRY 10000', 'TRY 10000'],
    ['ip', '::', '::'],
    ['mass', '5 lbs', '2.26796185 kg'],
    ['mass', '10 pounds', '4.5359237 kg'],
    ['imei', '35-209900-176148-1', '352099001761481'],
    ['imsi', '204080123456789', '204080123456789'],
    ['iban', 'nl91abna0417164300', 'NL91ABNA0417164300'],
    ['username', 'Alice', '@alice'],
    ['email', ' Jan@Example.nl ', 'jan@example.nl'],
    ['xmpp', 'Jan@Example.nl', 'jan@example.nl'],
    ['ip', '2001:DB8::0:1', '2001:db8::1'],
    ['coordinate', '52.37020, 4.89520', '52.3702,4.8952'],
    ['threema', 'abcd1234', 'ABCD1234'],
    ['xmpp', 'Jan@Example.nl/Phone', 'jan@example.nl'],
    ['wickr', 'Example', 'example'],
  ])('%s %s', (type, value, canonical) => {
    expect(canonicalValue(type, value)).toBe(canonical);
  });

  it('is null for what is no such value, and for unknown types', () => {
    expect(canonicalValue('imei', '123')).toBeNull();
    expect(canonicalValue('phone', 'no number')).toBeNull();
    expect(canonicalValue('shoe size', '43')).toBeNull();
  });

  it('is the same for a canonical value', () => {
    const text =
      'jan@example.nl +31612345678 EUR 431000 NL91ABNA0417164300 52.3702,4.8952 192.0.2.1 https://example.com/a';
    const mentions = extractText(text);
    expect(mentions).toHaveLength(7);
    for (const { type, value } of mentions) expect(canonicalValue(type, value)).toBe(value);
  });
});

describe('the vocabulary', () => {
  it('gives every type an id that leads back to it, a class and a sentence', () => {
    for (const entry of entityTypes) {
      expect(typeName(typeId(entry.type))).toBe(entry.type);
      expect(classOf(entry.type)).toBe(entry.class);
      expect(entry.about).toMatch(/^[A-Z].*\.$/);
    }
    expect(typeId('nothing')).toBe(-1);
    expect(classOf('nothing')).toBeNull();
  });
});
