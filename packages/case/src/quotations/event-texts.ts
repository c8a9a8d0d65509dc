import { type CborValue, encodeCbor } from '@custody/bytes';
import { ENTRY_FIELDS } from '@custody/chain';
import type { EventField, EventValues } from '@custody/segment';

/** Fields of an event that hold what somebody typed. */
export const wordedFields = ['reason', 'subject', 'detail'] as const;
export type WordedField = (typeof wordedFields)[number];

/** Words of the program and numbers of objects, never of a person. */
const FIXED: ReadonlySet<string> = new Set([
  'act',
  'capture',
  'code',
  'command',
  'format',
  'id',
  'kind',
  'label',
  'mode',
  'outcome',
  'privilege',
  'sha256',
  'type',
]);

/** What stands where a person's words stood. */
export const EXPUNGED_WORDS = '[expunged]';

/**
 * The same value with each text of a person changed, also those in JSON within a text. `key` is the name that a text
 * stands under, empty for a value by itself.
 */
export function mapTexts(value: CborValue, change: (text: string, key: string) => string, key = ''): CborValue {
  if (typeof value === 'string') return FIXED.has(key) ? value : mapText(value, change, key);
  if (Array.isArray(value)) return (value as readonly CborValue[]).map((one) => mapTexts(one, change, key));
  if (value instanceof Map)
    return new Map([...(value as ReadonlyMap<string, CborValue>)].map(([k, one]) => [k, mapTexts(one, change, k)]));
  return value;
}

function mapText(text: string, change: (text: string, key: string) => string, key: string): string {
  if (!/^\s*[[{]/.test(text)) return change(text, key);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return change(text, key);
  }
  const next = JSON.stringify(mapJson(value, change, key));
  return next === JSON.stringify(value) ? text : next;
}

function mapJson(value: unknown, change: (text: string, key: string) => string, key: string): unknown {
  if (typeof value === 'string') return FIXED.has(key) ? value : change(value, key);
  if (Array.isArray(value)) return value.map((one) => mapJson(one, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, one]) => [k, mapJson(one, change, k)]));
}

/** Texts of persons in an event, each once. */
export function textsOfEvent(values: EventValues): { readonly text: string; readonly isTerm: boolean }[] {
  const out = new Map<string, boolean>();
  for (const field of wordedFields) {
    const value = values[field];
    if (value === undefined) continue;
    mapTexts(value, (text) => {
      out.set(text, (out.get(text) ?? false) || field !== 'reason');
      return text;
    });
  }
  return [...out].map(([text, isTerm]) => ({ text, isTerm }));
}

/** Fields of an event with their texts changed, and which they are; null where nothing changes. */
export function changedFields(
  fields: readonly EventField[],
  {
    values,
    change,
    digestOf,
  }: {
    readonly values: EventValues;
    readonly change: (text: string, key: string) => string;
    readonly digestOf: (number: number, field: EventField) => Uint8Array;
  },
): { readonly fields: readonly EventField[]; readonly changed: readonly WordedField[] } | null {
  const out = [...fields];
  const changed: WordedField[] = [];
  for (const name of wordedFields) {
    const value = values[name];
    if (value === undefined) continue;
    let differs = false;
    const next = mapTexts(value, (text, key) => {
      const one = change(text, key);
      differs ||= one !== text;
      return one;
    });
    if (!differs) continue;
    const number = ENTRY_FIELDS[name];
    const digest = digestOf(number, out[number - 1] as EventField);
    out[number - 1] = { salt: new Uint8Array(0), value: encodeCbor(next), digest };
    changed.push(name);
  }
  return changed.length === 0 ? null : { fields: out, changed };
}
