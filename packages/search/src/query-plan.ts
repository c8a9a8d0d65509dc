import { utf8Encode } from '@custody/bytes';
import { canonicalValue, classOf, entityTypes, foldQuery, isLoneUnspaced } from '@custody/entities';
import { type Amount, readAmount } from './decimal.ts';
import { queryInvalid } from './errors.ts';
import { statedForms } from './handset-number.ts';
import { phrasesOf } from './holds-text.ts';
import type { IndexQuery } from './index-query.ts';

/** A value to find: of one type, or (null) of any. */
export interface WantedValue {
  readonly type: string | null;
  readonly bytes: Uint8Array;
}

export interface AmountRange {
  readonly min: Amount | null;
  readonly max: Amount | null;
}

/** What one mention must be. Criteria that are null do not restrict. */
export interface MentionTest {
  /** A type or a class. */
  readonly type: string | null;
  readonly values: readonly WantedValue[] | null;
  readonly prefixes: readonly Uint8Array[] | null;
  readonly range: AmountRange | null;
  readonly partiesOnly: boolean;
}

/** A word to find in the words part. */
export interface WantedWord {
  readonly bytes: Uint8Array;
  /** One character of a script without spaces: it stands in pairs, first or second. */
  readonly inPairs: boolean;
}

/** A query in the form in which tiles are asked: made once, used for every tile. */
export interface QueryPlan {
  readonly mention: MentionTest | null;
  readonly party: MentionTest | null;
  /** Alternatives; of one of them all words must occur. */
  readonly words: readonly (readonly WantedWord[])[] | null;
  readonly phrase: boolean;
  readonly from: number | null;
  readonly to: number | null;
  readonly undatedOnly: boolean;
}

const AMOUNTS = new Set(['amount', 'money', 'mass', 'count']);
/** Throws UsageError INDEX_QUERY_INVALID. */
export function planQuery(query: IndexQuery): QueryPlan {
  const words = query.text === undefined ? null : wordsOf(query.text);
  return {
    mention: mentionTest(query),
    party: query.party === undefined ? null : partyTest(query.party),
    words,
    phrase: phrasesOf(query.text ?? '').length > 0,
    from: timeBound(query.from, 'from'),
    to: timeBound(query.to, 'to'),
    undatedOnly: query.undated === 'only',
  };
}

function mentionTest(query: IndexQuery): MentionTest | null {
  const { type, value, prefix, min, max } = query;
  if ([type, value, prefix, min, max].every((criterion) => criterion === undefined)) return null;
  const bounded = min !== undefined || max !== undefined;
  if (bounded && type !== undefined && !AMOUNTS.has(type)) {
    throw queryInvalid(`min and max are for money, mass and count, not for ${type}.`);
  }
  return {
    type: bounded ? (type ?? 'amount') : (type ?? null),
    values: value === undefined ? null : wantedValues(value, type),
    prefixes: prefix === undefined ? null : wantedPrefixes(prefix),
    range: bounded ? rangeOf(min, max) : null,
    partiesOnly: false,
  };
}

function partyTest(party: string): MentionTest {
  if (party.trim() === '') throw queryInvalid('The party is empty.');
  return { type: null, values: wantedValues(party), prefixes: null, range: null, partiesOnly: true };
}

/** The value as given and in lower case, of any type, and its canonical form under each type that it may have. */
function wantedValues(value: string, type?: string): WantedValue[] {
  const text = value.trim();
  if (text === '') throw queryInvalid('The value is empty.');
  const wanted = new Map<string, WantedValue>();
  const want = (type: string | null, form: string) =>
    wanted.set(`${type ?? ''}\n${form}`, { type, bytes: utf8Encode(form) });
  want(null, text);
  want(null, text.toLowerCase());
  for (const entry of entityTypes) {
    if (type !== undefined && entry.type !== type && entry.class !== type) continue;
    const canonical = canonicalValue(entry.type, text);
    if (canonical !== null) want(entry.type, canonical);
    if (entry.class === 'device') for (const form of statedForms(entry.type, text)) want(form.type, form.value);
  }
  return [...wanted.values()];
}

/** A beginning has no canonical form of its own: as given, in either case, and telephone numbers without their dress. */
function wantedPrefixes(prefix: string): Uint8Array[] {
  const text = prefix.trimStart();
  if (text.trim() === '') throw queryInvalid('The prefix is empty.');
  const forms = new Set([text, text.toLowerCase(), text.toUpperCase()]);
  if (/^(\+|00)[\d\s()./-]+$/.test(text)) forms.add(`+${text.replace(/^(\+|00)/, '').replace(/\D/g, '')}`);
  return [...forms].map(utf8Encode);
}

function rangeOf(min: string | undefined, max: string | undefined): AmountRange {
  const range = { min: amountBound(min, 'min'), max: amountBound(max, 'max') };
  const units = new Set([range.min?.unit, range.max?.unit].filter((unit) => unit !== undefined && unit !== ''));
  if (units.size > 1) throw queryInvalid(`min and max are in different units: ${[...units].join(' and ')}.`);
  return range;
}

function amountBound(text: string | undefined, name: string): Amount | null {
  if (text === undefined) return null;
  const amount = readAmount(text.trim());
  if (amount === null) throw queryInvalid(`${name} must be a plain decimal such as 1500.50, with a unit or without.`);
  return amount;
}

function timeBound(ms: number | undefined, name: string): number | null {
  if (ms === undefined) return null;
  if (Number.isNaN(ms)) throw queryInvalid(`${name} is not a time.`);
  return ms;
}

function wordsOf(text: string): WantedWord[][] {
  const alternatives = foldQuery(text);
  if (alternatives.length === 0) throw queryInvalid('The text holds no letter or digit to look for.');
  return alternatives.map((words) =>
    [...new Set(words)].map((word) => ({ bytes: utf8Encode(word), inPairs: isLoneUnspaced(word) })),
  );
}

/** Whether a type as stored (with its class) is the one asked for. */
export function isWantedType(wanted: string | null, type: string, itsClass: string): boolean {
  return wanted === null || wanted === type || wanted === itsClass;
}

/** Whether the vocabulary knows the word as a type or class: if not, it may still be a platform's word for a party. */
export function isKnownType(type: string): boolean {
  return classOf(type) !== null || entityTypes.some((entry) => entry.class === type);
}
