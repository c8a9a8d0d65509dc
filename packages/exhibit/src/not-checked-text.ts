import type { ExhibitLanguage } from './model.ts';
import { type TextKey, textsOf } from './texts/texts.ts';
import { NOT_CHECKED } from './verify/verify-exhibit.ts';

/** What a verdict says was not checked, in a language; a statement that verdicts of exhibits do not make stays as it is. */
export function notCheckedText(line: string, lang: ExhibitLanguage): string {
  const [key] = Object.entries(NOT_CHECKED).find(([, english]) => english === line) ?? [];
  if (key === undefined || lang === 'en') return line;
  return textsOf(lang)[`not${key.charAt(0).toUpperCase()}${key.slice(1)}` as TextKey];
}
