import { canonicalValue, classOf, extractText, foldQuery, isLoneUnspaced, Tokeniser } from '@custody/entities';
import type { Party } from '@custody/evidence';
import type { IndexQuery } from '../index-query.ts';
import type { MadeUpItem } from './made-up-leaves.ts';

interface NaiveMention {
  readonly class: string;
  readonly type: string;
  readonly value: string;
  readonly party: boolean;
}

/** Whether an item answers a query, told from the item alone: no index, no bytes, amounts as BigInt. */
export function naivelyMatches(item: MadeUpItem, query: IndexQuery, region: string): boolean {
  const { sentMs } = item;
  if (query.from !== undefined && !(sentMs !== null && sentMs >= query.from)) return false;
  if (query.to !== undefined && !(sentMs !== null && sentMs < query.to)) return false;
  const { words, mentions } = readOnce(item, region);
  if (query.text !== undefined && !foldQuery(query.text).some((all) => all.every((word) => hasWord(words, word))))
    return false;
  const { party } = query;
  if (party !== undefined && !mentions.some((m) => m.party && isValue(m, party))) return false;
  const asked = [query.type, query.value, query.prefix, query.min, query.max].some((part) => part !== undefined);
  return !asked || mentions.some((mention) => accepts(mention, query));
}

/** One character of a script without spaces stands in pairs. */
function hasWord(words: ReadonlySet<string>, word: string): boolean {
  return (
    words.has(word) || (isLoneUnspaced(word) && [...words].some((one) => one.startsWith(word) || one.endsWith(word)))
  );
}

function accepts(mention: NaiveMention, query: IndexQuery): boolean {
  if (query.type !== undefined && query.type !== mention.type && query.type !== mention.class) return false;
  if (query.value !== undefined && !isValue(mention, query.value)) return false;
  if (query.prefix !== undefined && !mention.value.toLowerCase().startsWith(query.prefix.toLowerCase())) return false;
  if (query.min === undefined && query.max === undefined) return true;
  if (!['money', 'mass', 'count'].includes(mention.type)) return false;
  const amount = mention.value.split(' ').find((part) => /^\d/.test(part)) ?? '0';
  if (query.min !== undefined && thousandths(amount) < thousandths(query.min)) return false;
  return query.max === undefined || thousandths(amount) <= thousandths(query.max);
}

function isValue(mention: NaiveMention, asked: string): boolean {
  return [asked, asked.toLowerCase(), canonical(mention.type, asked)].includes(mention.value);
}

const canonicals = new Map<string, string | null>();

function canonical(type: string, asked: string): string | null {
  const key = `${type}\n${asked}`;
  if (!canonicals.has(key)) canonicals.set(key, canonicalValue(type, asked));
  return canonicals.get(key) ?? null;
}

/** The fixture's amounts have at most three decimals. */
function thousandths(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.split('.');
  return BigInt(`${whole}${fraction.padEnd(3, '0')}`);
}

function mentionsOf(item: MadeUpItem, region: string): NaiveMention[] {
  const texts = [item.body, item.attachment].filter((text) => text !== null);
  const found = texts
    .flatMap((text) => extractText(text, { region }))
    .flatMap((mention) => [mention, ...(mention.alternatives ?? [])])
    .map(({ type, value }) => ({ class: classOf(type) as string, type, value, party: false }));
  const parties = [item.sender, item.owner, ...item.recipients].filter((party) => party !== null);
  return [...found, ...parties.map(partyMention)];
}

function partyMention({ type, value }: Party): NaiveMention {
  return { class: classOf(type) ?? 'handle', type, value: canonicalValue(type, value) ?? value, party: true };
}

function wordsOf(body: string): Set<string> {
  const words = new Set<string>();
  const tokeniser = new Tokeniser();
  const bytes = new TextEncoder().encode(body);
  tokeniser.tokenise(bytes, 0, bytes.length, (start, length) => {
    words.add(new TextDecoder().decode(tokeniser.arena.slice(start, start + length)));
  });
  return words;
}

interface ReadItem {
  readonly words: Set<string>;
  readonly mentions: readonly NaiveMention[];
}

const read = new WeakMap<MadeUpItem, ReadItem>();

function readOnce(item: MadeUpItem, region: string): ReadItem {
  const known = read.get(item);
  if (known !== undefined) return known;
  const made = { words: wordsOf(item.body ?? ''), mentions: mentionsOf(item, region) };
  read.set(item, made);
  return made;
}
