import type { ExhibitAnnotation } from '@custody/exhibit';
import { usage } from './errors.ts';
import { requireKeysOnce } from './require-keys-once.ts';

const KEYS: ReadonlySet<string> = new Set(['item', 'what', 'lang', 'text', 'by']);
const MOST = 100_000;

/**
 * Translations and notes of a file: `{"annotations": [{"item", "what": "translation" | "note", "text", "lang"?, "by"?}]}`.
 * Throws UsageError ARGUMENT_INVALID with every mistake in it.
 */
export function readAnnotations(json: string): ExhibitAnnotation[] {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (error) {
    throw usage('ARGUMENT_INVALID', `the annotations are not JSON: ${(error as Error).message}`);
  }
  requireKeysOnce(json, 'the annotations');
  if (!isObject(file) || !Array.isArray(file.annotations) || Object.keys(file).length !== 1)
    throw usage('ARGUMENT_INVALID', 'the annotations are {"annotations": [ … ]} and nothing else');
  if (file.annotations.length > MOST) throw usage('ARGUMENT_INVALID', `there are more than ${MOST} annotations`);
  const mistakes: string[] = [];
  const out = file.annotations.flatMap((one, i) => {
    const mistake = mistakeOf(one);
    if (mistake !== null) {
      mistakes.push(`annotation ${i + 1} ${mistake}`);
      return [];
    }
    const { item, what, lang, text, by } = one as Record<string, unknown>;
    return [{ index: item, what, lang: lang ?? null, text, by: by ?? null } as unknown as ExhibitAnnotation];
  });
  if (mistakes.length > 0) throw usage('ARGUMENT_INVALID', mistakes.join('; '));
  return out;
}

function mistakeOf(one: unknown): string | null {
  if (!isObject(one)) return 'is no object';
  const unknown = Object.keys(one).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `has a key that none has: ${JSON.stringify(unknown.slice(0, 40))}`;
  const { item, what, lang, text, by } = one;
  if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) return '"item" is no whole number';
  if (what !== 'translation' && what !== 'note') return '"what" is neither translation nor note';
  if (typeof text !== 'string' || text === '') return '"text" is missing';
  return [lang, by].some((value) => value !== undefined && typeof value !== 'string')
    ? '"lang" or "by" is no text'
    : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
