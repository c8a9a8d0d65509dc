import { type Candidates, NOTE_GIVEN, NOTE_LANGUAGE_SHIFT, NOTE_POSSIBLE, NOTE_VALID } from './candidates.ts';
import { languageCodes } from './language.ts';
import { type EntityTypeId, knownType, type TierId, typeName } from './vocabulary.ts';

/** Another reading of the same place. */
export interface Alternative {
  readonly type: string;
  readonly value: string;
}

/**
 * A mention as handed to a sink. The object and `valueBytes` are used again for the next mention: copy what must
 * outlive the call.
 */
export interface FoundMention {
  type: EntityTypeId;
  tier: TierId;
  /** Byte offsets of the span in the bytes scanned. */
  start: number;
  end: number;
  /** The canonical value, in UTF-8: `valueBytes[valueStart..valueEnd)`. */
  valueBytes: Uint8Array;
  valueStart: number;
  valueEnd: number;
  alternatives: readonly Alternative[] | null;
  /** Bits of `foldNames`: what was done to the span before it was read. */
  folds: number;
  /** Of a telephone number: whether its country's plan has it, or only its length fits; else null. */
  grade: 'valid' | 'possible' | null;
  /** Code of the language that chose between two readings (1.234), or null; and whether the caller named it. */
  language: string | null;
  languageGiven: boolean;
}

export type MentionSink = (mention: FoundMention) => void;

const URL = knownType('url');
/** Types whose checksum or place (the host) keeps a URL from making them up. */
const INSIDE_URL: readonly EntityTypeId[] = [
  'ip',
  'onion',
  'btc',
  'eth',
  'xmr',
  'ltc',
  'doge',
  'dash',
  'bch',
  'trx',
  'zec',
  'xrp',
  'ada',
  'xlm',
  'coin',
  'coordinate',
].map(knownType);
const MAX_ALTERNATIVES = 4;

/**
 * Decides between candidates that overlap and hands over the winners in order of start: checksum beats metadata beats
 * context beats shape, then the longer span, then the earlier rule. Losers become alternatives. A coin address, an
 * onion and a host address are reported beside the URL they stand in.
 */
export class Resolver {
  readonly #order: number[] = [];
  readonly #winners: number[] = [];
  readonly #losers: (number[] | null)[] = [];
  /** Losers against the winner that is handed over next. */
  #beaten: number[] | null = null;
  readonly #mention: FoundMention = {
    type: 0,
    tier: 0,
    start: 0,
    end: 0,
    valueBytes: new Uint8Array(0),
    valueStart: 0,
    valueEnd: 0,
    alternatives: null,
    folds: 0,
    grade: null,
    language: null,
    languageGiven: false,
  };

  resolve(found: Candidates, sink: MentionSink): void {
    this.#beaten = null;
    if (areApart(found)) {
      for (let row = 0; row < found.count; row++) if ((found.parent[row] as number) < 0) this.#emit(found, row, sink);
      return;
    }
    this.#sort(found);
    this.#winners.length = 0;
    this.#losers.length = 0;
    for (const row of this.#order) this.#admit(found, row);
    for (let i = 0; i < this.#winners.length; i++) {
      this.#beaten = this.#losers[i] as number[] | null;
      this.#emit(found, this.#winners[i] as number, sink);
    }
  }

  #sort(found: Candidates): void {
    const order = this.#order;
    order.length = 0;
    for (let row = 0; row < found.count; row++) if ((found.parent[row] as number) < 0) order.push(row);
    // Rules report nearly in order: insertion beats a general sort, and makes no comparator calls.
    for (let k = 1; k < order.length; k++) {
      const row = order[k] as number;
      const start = found.start[row] as number;
      let at = k - 1;
      while (at >= 0 && (found.start[order[at] as number] as number) > start) {
        order[at + 1] = order[at] as number;
        at--;
      }
      order[at + 1] = row;
    }
  }

  /** Compares with the last winners only: all before them end before them, or are URLs around them. */
  #admit(found: Candidates, row: number): void {
    let losers: number[] | null = null;
    let top = this.#winners.length - 1;
    while (top >= 0 && top >= this.#winners.length - 3) {
      const other = this.#winners[top] as number;
      if (!overlap(found, other, row) || standsInside(found, other, row) || standsInside(found, row, other)) {
        top--;
        continue;
      }
      if (!beats(found, row, other)) {
        if (found.type[other] !== URL) this.#losers[top] = [...(this.#losers[top] ?? []), row];
        return;
      }
      losers = [...(losers ?? []), other, ...(this.#losers[top] ?? [])];
      this.#winners.splice(top, 1);
      this.#losers.splice(top, 1);
      top--;
    }
    this.#winners.push(row);
    this.#losers.push(losers === null ? null : losers.slice(0, MAX_ALTERNATIVES));
  }

  #emit(found: Candidates, row: number, sink: MentionSink): void {
    const mention = this.#mention;
    mention.type = found.type[row] as number;
    mention.tier = found.tier[row] as TierId;
    mention.start = found.start[row] as number;
    mention.end = found.end[row] as number;
    mention.valueBytes = found.arena;
    mention.valueStart = found.valueStart[row] as number;
    mention.valueEnd = found.valueEnd[row] as number;
    mention.alternatives = alternativesOf(found, row, this.#beaten);
    mention.folds = 0;
    const notes = found.notes[row] as number;
    mention.grade = (notes & NOTE_VALID) !== 0 ? 'valid' : (notes & NOTE_POSSIBLE) !== 0 ? 'possible' : null;
    const language = (notes & (NOTE_GIVEN - 1)) >> NOTE_LANGUAGE_SHIFT;
    mention.language = language === 0 ? null : (languageCodes[language - 1] as string);
    mention.languageGiven = (notes & NOTE_GIVEN) !== 0;
    sink(mention);
  }
}

/** Whether the candidates came in order and none overlaps another, as nearly always. */
function areApart(found: Candidates): boolean {
  let end = 0;
  for (let row = 0; row < found.count; row++) {
    if ((found.parent[row] as number) >= 0) continue;
    if ((found.start[row] as number) < end) return false;
    end = found.end[row] as number;
  }
  return true;
}

function overlap(found: Candidates, a: number, b: number): boolean {
  return (found.start[a] as number) < (found.end[b] as number) && (found.start[b] as number) < (found.end[a] as number);
}

/** Whether `inner` is worth reporting beside the URL `outer` that holds it. */
function standsInside(found: Candidates, outer: number, inner: number): boolean {
  if (found.type[outer] !== URL || found.type[inner] === URL) return false;
  if (found.start[inner] === found.start[outer] && found.end[inner] === found.end[outer]) return false;
  if ((found.start[inner] as number) < (found.start[outer] as number)) return false;
  if ((found.end[inner] as number) > (found.end[outer] as number)) return false;
  return INSIDE_URL.includes(found.type[inner] as number);
}

function beats(found: Candidates, a: number, b: number): boolean {
  const tiers = (found.tier[a] as number) - (found.tier[b] as number);
  if (tiers !== 0) return tiers < 0;
  return length(found, a) > length(found, b);
}

function length(found: Candidates, row: number): number {
  return (found.end[row] as number) - (found.start[row] as number);
}

const decoder = new TextDecoder();

function alternativesOf(found: Candidates, row: number, losers: readonly number[] | null): Alternative[] | null {
  let list: Alternative[] | null = null;
  for (let next = row + 1; next < found.count && found.parent[next] === row; next++) list = add(found, list, next, row);
  if (losers !== null) for (const loser of losers) list = add(found, list, loser, row);
  return list;
}

function add(found: Candidates, list: Alternative[] | null, row: number, winner: number): Alternative[] | null {
  const value = valueText(found, row);
  const type = typeName(found.type[row] as number);
  if (found.type[row] === found.type[winner] && value === valueText(found, winner)) return list;
  const alternatives = list ?? [];
  const known = alternatives.some((other) => other.type === type && other.value === value);
  if (!known && alternatives.length < MAX_ALTERNATIVES) alternatives.push({ type, value });
  return alternatives;
}

/** Nearly every value is short and ASCII: put together, it is there sooner than a decoder is called. */
function valueText(found: Candidates, row: number): string {
  const end = found.valueEnd[row] as number;
  let text = '';
  for (let i = found.valueStart[row] as number; i < end; i++) {
    const byte = found.arena[i] as number;
    if (byte >= 0x80) return decoder.decode(found.arena.subarray(found.valueStart[row] as number, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
