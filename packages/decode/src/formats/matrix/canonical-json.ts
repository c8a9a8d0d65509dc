import { compareBytes, utf8Encode } from '@custody/bytes';
import { type Json, JsonNumber, type JsonObject } from './json-value.ts';

const SURROGATE = /[\ud800-\udfff]/;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Canonical JSON (Matrix specification, appendices, "Canonical JSON"): names in code point order, no white space,
 * shortest escapes. `without` leaves members of the outermost object out. Numbers keep the text that they were found with.
 */
export function canonicalJson(value: JsonObject, without: ReadonlySet<string> = NOTHING): string {
  return object(value, without);
}

function write(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  return object(value as JsonObject, NOTHING);
}

function object(value: JsonObject, without: ReadonlySet<string>): string {
  let out = '';
  for (const name of sorted(Object.keys(value))) {
    if (without.has(name)) continue;
    out += `${out === '' ? '' : ','}${JSON.stringify(name)}:${write(value[name] as Json)}`;
  }
  return `{${out}}`;
}

/** UTF-16 order is code point order, except where surrogates meet the characters above them. */
function sorted(names: string[]): string[] {
  if (!names.some((name) => SURROGATE.test(name))) return names.sort();
  return names.sort((a, b) => compareBytes(utf8Encode(a), utf8Encode(b)));
}
