import { type ItemSlotName, itemSlot } from '@custody/evidence';
import { isSearchable } from '@custody/exhibit';
import { usage } from './errors.ts';
import { requireKeysOnce } from './require-keys-once.ts';

interface Grounds {
  readonly reason: string | null;
  readonly authority: string | null;
}

/** What is to be withheld from an exhibit, and why. Offsets of a passage are UTF-16, as in `custody extract`. */
export type RedactionRule = Grounds &
  (
    | { readonly what: 'field' | 'media'; readonly field: ItemSlotName }
    | { readonly what: 'item'; readonly item: number; readonly field: ItemSlotName }
    | { readonly what: 'span'; readonly item: number; readonly passage: Passage }
    | { readonly what: 'value'; readonly value: string }
  );

export type Passage = { readonly text: string } | { readonly start: number; readonly end: number };

const NO_GROUNDS: Grounds = { reason: null, authority: null };
/** A redaction is a decision of a person; a file with more of them is a mistake. */
const MOST_RULES = 10_000;
const KEYS: ReadonlySet<string> = new Set([
  ...['field', 'item', 'value', 'text', 'start', 'end', 'reason', 'authority'],
]);

/** Rule for a field of every item. Throws UsageError ARGUMENT_INVALID for a field that items do not have. */
export function fieldRule(name: string): RedactionRule {
  return { what: 'field', field: slotName(name, `--redact ${name}`), ...NO_GROUNDS };
}

/** Rule for a value wherever it occurs. Throws UsageError ARGUMENT_INVALID for one that occurs everywhere by chance. */
export function valueRule(value: string, grounds: Grounds = NO_GROUNDS): RedactionRule {
  if (!isSearchable(value)) {
    const least = 'four letters or more, two characters of Chinese or Korean, or an emoji';
    throw usage('ARGUMENT_INVALID', `a value to withhold has ${least}: shorter ones occur by chance`);
  }
  return { what: 'value', value, ...grounds };
}

/**
 * Rules of a redaction file: `{"redactions": [{"field"?, "item"?, "value"?, "text"?, "start"?, "end"?, "reason",
 * "authority"}]}`. Throws UsageError ARGUMENT_INVALID with every mistake in it: a redaction that was misread discloses.
 */
export function readRedactions(json: string): RedactionRule[] {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (error) {
    throw usage('ARGUMENT_INVALID', `the redactions are not JSON: ${(error as Error).message}`);
  }
  requireKeysOnce(json, 'the redactions');
  if (!isObject(file) || !Array.isArray(file.redactions) || Object.keys(file).length !== 1)
    throw usage('ARGUMENT_INVALID', 'the redactions are {"redactions": [ … ]} and nothing else');
  if (file.redactions.length > MOST_RULES)
    throw usage('ARGUMENT_INVALID', `there are more than ${MOST_RULES} redactions`);
  const mistakes: string[] = [];
  const rules = file.redactions.flatMap((one, i) => {
    try {
      return [readRule(one)];
    } catch (error) {
      mistakes.push(`redaction ${i + 1}: ${(error as Error).message}`);
      return [];
    }
  });
  if (mistakes.length > 0) throw usage('ARGUMENT_INVALID', mistakes.join('; '));
  return rules;
}

function readRule(one: unknown): RedactionRule {
  if (!isObject(one)) throw new Error('is no object');
  for (const key of Object.keys(one))
    if (!KEYS.has(key)) throw new Error(`has a key that none has: ${JSON.stringify(key.slice(0, 40))}`);
  const grounds = { reason: textOf(one, 'reason'), authority: textOf(one, 'authority') };
  const { value, item, field, text, start, end } = one;
  if (value !== undefined) {
    if ([item, field, text, start, end].some((other) => other !== undefined))
      throw new Error('a value stands alone: it is withheld wherever it occurs');
    return valueRule(textOf(one, 'value'), grounds);
  }
  const isPassage = text !== undefined || start !== undefined || end !== undefined;
  if (isPassage) return { what: 'span', item: whole(item, 'item'), passage: passageOf(one), ...grounds };
  const name = slotName(textOf(one, 'field'), 'field');
  if (item === undefined) return { what: 'field', field: name, ...grounds };
  return { what: 'item', item: whole(item, 'item'), field: name, ...grounds };
}

function passageOf({ field, text, start, end }: Record<string, unknown>): Passage {
  if (field !== undefined && field !== 'body') throw new Error('passages are withheld from the field "body" only');
  if (text === undefined) {
    const range = { start: whole(start, 'start'), end: whole(end, 'end') };
    if (range.start >= range.end) throw new Error('"start" comes before "end"');
    return range;
  }
  if (start !== undefined || end !== undefined) throw new Error('a passage has "text", or "start" and "end"');
  if (typeof text !== 'string' || text === '') throw new Error('"text" is no text');
  return { text };
}

function slotName(name: string, where: string): ItemSlotName {
  if (Object.hasOwn(itemSlot, name)) return name as ItemSlotName;
  throw usage('ARGUMENT_INVALID', `${where}: there is no such field; there are ${Object.keys(itemSlot).join(', ')}`);
}

function whole(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`"${name}" is no whole number`);
}

function textOf(one: Record<string, unknown>, key: string): string {
  const value = one[key];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new Error(`"${key}" is missing`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
