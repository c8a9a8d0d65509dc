import { expect, it } from 'vitest';
import { exhibitLanguages } from './model.ts';
import { notCheckedText } from './not-checked-text.ts';
import { NOT_CHECKED } from './verify/verify-exhibit.ts';

it.each(exhibitLanguages)('all that a verdict says was not checked is said in %s', (lang) => {
  const lines = Object.values(NOT_CHECKED);
  const said = lines.map((line) => notCheckedText(line, lang));
  for (const text of said) expect(text.length).toBeGreaterThan(10);
  expect(new Set(said).size).toBe(lines.length);
  if (lang !== 'en') for (const [i, line] of lines.entries()) expect(said[i]).not.toBe(line);
  expect(notCheckedText('another statement', lang)).toBe('another statement');
});
