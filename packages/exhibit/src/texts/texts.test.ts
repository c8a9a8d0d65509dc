import { describe, expect, it } from 'vitest';
import { exhibitLanguages } from '../model.ts';
import { en, type TextKey } from './en.ts';
import { textsOf } from './texts.ts';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe.each(exhibitLanguages)('the words in %s', (lang) => {
  it('have every place that the English ones have, and no markup', () => {
    for (const key of Object.keys(en) as TextKey[]) {
      const text = textsOf(lang)[key];
      expect({ key, places: places(text) }).toEqual({ key, places: places(en[key]) });
      expect(text).not.toMatch(/[<>]/);
    }
  });

  it('are not the English ones', () => {
    if (lang === 'en') return;
    const same = (Object.keys(en) as TextKey[]).filter((key) => textsOf(lang)[key] === en[key]);
    // Some words are the same in several languages.
    expect(same.length).toBeLessThan(16);
  });
});
