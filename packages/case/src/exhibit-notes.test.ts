import { exhibitLanguages } from '@custody/exhibit';
import { describe, expect, it } from 'vitest';
import { ExhibitNotes, exhibitNotes } from './exhibit-notes.ts';

const places = (text: string | undefined) => [...(text ?? '').matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe.each(exhibitLanguages)('the notes in %s', (lang) => {
  it('have every place that the English ones have, in other words', () => {
    for (const [key, text] of Object.entries(exhibitNotes.en)) {
      const own = exhibitNotes[lang][key];
      expect({ key, places: places(own) }).toEqual({ key, places: places(text) });
      if (lang !== 'en') expect(own).not.toBe(text);
    }
  });

  it('hold what they are given as it is', () => {
    const notes = new ExhibitNotes(lang);
    notes.add('expunged', { n: 3, order: 'O-1 {n} $&', reference: 'Rb 7', entry: 9 });
    notes.add('unsound', { n: 0 });
    notes.add('rawNotHeld');
    for (const part of ['3', 'O-1 {n} $&', 'Rb 7', '9']) expect(notes.said[0]).toContain(part);
    expect(notes.said.slice(1)).toEqual([expect.stringContaining('"source"')]);
  });
});
