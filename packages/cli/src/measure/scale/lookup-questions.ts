import type { IndexQuery } from '@custody/case';

/** Groups of questions that are measured together. */
export type LookupGroup = 'entity' | 'word' | 'prefix' | 'party' | 'period';

export interface Question {
  readonly group: LookupGroup;
  /** What it asks for, in words, to be shown. */
  readonly kind: string;
  readonly query: IndexQuery;
}

/** What is known of a generated dump: who is in it, and what was planted. */
export interface KnownDump {
  readonly users: readonly string[];
  readonly devices: readonly { readonly imei: string }[];
  readonly planted: readonly { readonly type: string; readonly value: string }[];
  /** Words that its texts are made of. */
  readonly vocabulary: readonly string[];
}

const DAY = 86_400_000;
/** Messages of a dump are spread evenly over these two years (fixtures/envelope/generate-dump.ts). */
const [FROM, TO] = [Date.UTC(2023, 0, 1), Date.UTC(2025, 0, 1)];

/**
 * `each` questions of every kind, drawn by a seed and mixed: values that are rare, frequent and nowhere; words likewise;
 * beginnings of values; parties; stretches of time.
 */
export function questionsOf(
  dump: KnownDump,
  { each, seed }: { readonly each: number; readonly seed: number },
): Question[] {
  const random = drawn(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const ofTypes = (...types: string[]) => dump.planted.filter(({ type }) => types.includes(type));
  const [rare, frequent] = [ofTypes('imei', 'url'), ofTypes('iban', 'btc', 'phone', 'money', 'email')];
  const text = (query: string) => ({ text: query });
  const start = () => FROM + Math.floor(random() * (TO - FROM - DAY));
  const between = (from: number, length: number) => ({ from, to: from + length });
  const makers: readonly (readonly [LookupGroup, string, () => IndexQuery])[] = [
    ['entity', 'a value planted once or some dozen times', () => entityOf(pick(rare))],
    ['entity', 'a value in one of some hundred messages', () => entityOf(pick(frequent))],
    ['entity', 'a device that metadata names', () => ({ type: 'imei', value: pick(dump.devices).imei })],
    ['entity', 'a value that is nowhere', () => ({ type: 'imei', value: absentImei(random) })],
    ['word', 'a word that stands in most messages of a language', () => text(pick(dump.vocabulary))],
    ['word', 'a number that stands in one message', () => text(pick(ofTypes('imei')).value)],
    ['word', 'a word that is nowhere', () => text(`zq${Math.floor(random() * 1e6).toString(36)}xq`)],
    [
      'prefix',
      'the first ten digits of an IMEI',
      () => ({ type: 'imei', prefix: pick(dump.devices).imei.slice(0, 10) }),
    ],
    ['party', 'what one person sent or received', () => ({ party: pick(dump.users) })],
    ['party', 'one person on one day', () => ({ party: pick(dump.users), ...between(start(), DAY) })],
    ['period', 'a word within an hour', () => ({ ...text(pick(dump.vocabulary)), ...between(start(), DAY / 24) })],
    ['period', 'all of a minute', () => between(start(), 60_000)],
  ];
  const all = makers.flatMap(([group, kind, make]) =>
    Array.from({ length: each }, () => ({ group, kind, query: make() })),
  );
  // Mixed, as analysts ask: what one kind left in the caches is not there for its own next question only.
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j] as Question, all[i] as Question];
  }
  return all;
}

function entityOf({ type, value }: { readonly type: string; readonly value: string }): IndexQuery {
  return { type, value };
}

/** Of another type allocation code than those planted (GSMA TS.06: test codes begin with 00), check digit of ISO 7812. */
function absentImei(random: () => number): string {
  const digits = `00102${String(Math.floor(random() * 1e9)).padStart(9, '0')}`;
  const sum = [...digits].reduce((total, char, i) => {
    const digit = Number(char) * (i % 2 === 1 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

/** Mulberry32 (public domain): the same questions for the same seed. */
function drawn(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
