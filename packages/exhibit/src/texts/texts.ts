import type { ExhibitLanguage } from '../model.ts';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { nl } from './nl.ts';

export type { TextKey, Texts } from './en.ts';

const byLanguage: Readonly<Record<ExhibitLanguage, Texts>> = { en, nl, fr, de, es };

export function textsOf(lang: ExhibitLanguage): Texts {
  return byLanguage[lang];
}

/** A text with its `{name}` places filled. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
