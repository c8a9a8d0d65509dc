import { UsageError } from '@custody/bytes';
import type { EntitiesErrorCode } from '../errors.ts';
import { classOf } from '../vocabulary.ts';

/** More than any list of a case; a dictionary is held in memory whole. */
const MOST_TERMS = 100_000;
const LONGEST_TERM = 80;
const MOST_WORDS = 5;
const KEYS = { file: ['name', 'terms', 'watch'], term: ['term', 'means', 'unit'], watch: ['type', 'value', 'label'] };
const UNIT = /^(?:([A-Z]{3,5}) (\d+(?:\.\d+)?)|(\d+(?:\.\d+)?) (kg|g|mg|t|pill|tablet))$/;
const KILOGRAMS: Readonly<Record<string, number>> = { kg: 0, g: -3, mg: -6, t: 3 };

/** One entry: a word or several of like meaning. */
export interface DictionaryTerm {
  readonly spellings: readonly string[];
  readonly means: string;
  /** `each` is a plain decimal. */
  readonly unit: { readonly each: string; readonly of: string; readonly type: 'mass' | 'money' | 'count' } | null;
}

export interface WatchedValue {
  readonly type: string;
  readonly value: string;
  readonly label: string;
}

export interface DictionaryFile {
  readonly name: string;
  readonly terms: readonly DictionaryTerm[];
  readonly watch: readonly WatchedValue[];
}

/** Reads the JSON of a dictionary strictly: an unknown key, an empty term and an unknown type are errors that say where. */
export function readDictionaryJson(text: string): DictionaryFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
  const root = objectAt(file, 'the file', KEYS.file);
  const terms = listAt(root.terms, 'terms').map((entry, k) => readTerm(entry, `terms[${k}]`));
  const watch = listAt(root.watch, 'watch').map((entry, k) => readWatch(entry, `watch[${k}]`));
  if (terms.length + watch.length === 0) throw invalid('it has neither "terms" nor "watch"');
  return { name: root.name === undefined ? '' : textAt(root.name, 'name'), terms, watch };
}

function readTerm(entry: unknown, at: string): DictionaryTerm {
  const object = objectAt(entry, at, KEYS.term);
  const named = object.term;
  const spellings = (Array.isArray(named) ? named : [named]).map((one, k) =>
    termAt(one, Array.isArray(named) ? `${at}.term[${k}]` : `${at}.term`),
  );
  if (spellings.length === 0) throw invalid(`${at}.term is an empty list`);
  const unit = object.unit === undefined ? null : unitAt(object.unit, `${at}.unit`);
  const means = object.means === undefined ? (spellings[0] as string) : textAt(object.means, `${at}.means`);
  return { spellings, means, unit };
}

function termAt(value: unknown, at: string): string {
  const term = textAt(value, at)
    .trim()
    .replace(/[\s-]+/g, ' ');
  if (term.split(' ').length > MOST_WORDS) throw invalid(`${at} has more than ${MOST_WORDS} words`);
  if (!/^\p{L}/u.test(term)) throw invalid(`${at} has to begin with a letter; put numbers and addresses under "watch"`);
  if (/^[A-Za-z]( |$)/.test(term)) throw invalid(`${at} begins with a word of one letter, which is everywhere`);
  return term;
}

/** `1 kg`, `250 g`, `USD 1000`, `10 pill`. */
function unitAt(value: unknown, at: string): NonNullable<DictionaryTerm['unit']> {
  const found = UNIT.exec(textAt(value, at));
  if (found === null) throw invalid(`${at} has to read like "1 kg", "3.5 g", "USD 1000" or "10 pill"`);
  const [, code, sum, amount = '', measure = ''] = found;
  if (code !== undefined) return { each: sum as string, of: code, type: 'money' };
  const shift = KILOGRAMS[measure];
  if (shift === undefined) return { each: amount, of: measure, type: 'count' };
  return { each: shifted(amount, shift), of: 'kg', type: 'mass' };
}

/** A plain decimal with its point moved. */
function shifted(amount: string, by: number): string {
  const dot = amount.indexOf('.');
  const digits = amount.replace('.', '');
  const point = (dot < 0 ? amount.length : dot) + by;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length ? digits.padEnd(point, '0') : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function readWatch(entry: unknown, at: string): WatchedValue {
  const object = objectAt(entry, at, KEYS.watch);
  const type = textAt(object.type, `${at}.type`);
  if (classOf(type) === null) throw invalid(`${at}.type is "${type}", which is no entity type`);
  const value = textAt(object.value, `${at}.value`);
  return { type, value, label: object.label === undefined ? value : textAt(object.label, `${at}.label`) };
}

function objectAt(value: unknown, at: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${at} has to be an object`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid(`${at} has the key "${unknown}"; it may have ${keys.join(', ')}`);
  return value as Record<string, unknown>;
}

function listAt(value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${at} has to be a list`);
  if (value.length > MOST_TERMS) throw invalid(`${at} has ${value.length} entries; at most ${MOST_TERMS} are taken`);
  return value;
}

function textAt(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`${at} has to be a text`);
  if (value.length > LONGEST_TERM) throw invalid(`${at} is longer than ${LONGEST_TERM} characters`);
  return value;
}

function invalid(what: string): UsageError<EntitiesErrorCode> {
  return new UsageError('DICTIONARY_INVALID', `the dictionary cannot be used: ${what}`);
}
