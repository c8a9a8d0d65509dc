import { compareBytes, utf8DecodeLossy } from '@custody/bytes';
import { compareDecimals, readAmount } from './decimal.ts';
import { partMalformed } from './errors.ts';
import type { IndexMention } from './index-query.ts';
import { readHow } from './mention-flags.ts';
import { classOfType } from './mention-rows.ts';
import { type OtherReading, readOthers, storedReadings } from './merged/other-readings.ts';
import { PAGE_ROWS } from './part-column.ts';
import type { PartReader, TextPage } from './part-reader.ts';
import { type AmountRange, isWantedType, type MentionTest } from './query-plan.ts';

/** Where a mention names nobody who takes part. */
const NO_PARTY = new Set(['body', 'attachment', 'metadata']);
const NOTHING = new Uint8Array(0);

/** Numbers of the rows of a mentions part that a test accepts, in order. */
export function matchMentions(part: PartReader, test: MentionTest): number[] {
  const found: number[] = [];
  if (part.rows === 0) return found;
  const types = part.names('type');
  const wanted = types.map((type) => isWantedType(test.type, type, classOfType(type)));
  if (!wanted.includes(true)) return found;
  const values = (test.values ?? []).map(({ type, bytes }) => ({
    bytes,
    code: type === null ? -1 : types.indexOf(type),
    any: type === null,
  }));
  const bounds = part.bounds('value');
  for (let page = 0; page < part.pages; page++) {
    const [min, max] = [bounds?.min[page], bounds?.max[page]];
    if (min !== undefined && max !== undefined && !mayHold(test, min, max)) continue;
    const codes = part.codes('type', page);
    const texts = part.texts('value', page);
    const isParty = test.partiesOnly ? partyRows(part, page) : null;
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] as number;
      if (wanted[code] !== true || isParty?.(row) === false) continue;
      if (test.values !== null && !values.some((v) => (v.any || v.code === code) && isValue(texts, row, v.bytes)))
        continue;
      if (test.prefixes !== null && !test.prefixes.some((prefix) => beginsWith(texts, row, prefix))) continue;
      if (test.range !== null && !inRange(textOf(texts, row), test.range)) continue;
      found.push(page * PAGE_ROWS + row);
    }
  }
  return found;
}

/** Whether a page with these bounds may hold an accepted value. */
function mayHold(test: MentionTest, min: Uint8Array, max: Uint8Array): boolean {
  const { values, prefixes } = test;
  if (values !== null && !values.some((v) => compareBytes(v.bytes, min) >= 0 && compareBytes(v.bytes, max) <= 0)) {
    return false;
  }
  return (
    prefixes === null ||
    prefixes.some((p) => compareBytes(p, max) <= 0 && compareBytes(p, min.subarray(0, p.length)) >= 0)
  );
}

function partyRows(part: PartReader, page: number): (row: number) => boolean {
  const places = part.names('where').map((place) => !NO_PARTY.has(place));
  const codes = part.codes('where', page);
  return (row) => places[codes[row] as number] === true;
}

function isValue(texts: TextPage, row: number, wanted: Uint8Array): boolean {
  const start = texts.starts[row] as number;
  if ((texts.ends[row] as number) - start !== wanted.length) return false;
  return beginsWith(texts, row, wanted);
}

function beginsWith(texts: TextPage, row: number, wanted: Uint8Array): boolean {
  const start = texts.starts[row] as number;
  if ((texts.ends[row] as number) - start < wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (texts.bytes[start + i] !== wanted[i]) return false;
  return true;
}

function textOf(texts: TextPage, row: number): string {
  return utf8DecodeLossy(texts.bytes, texts.starts[row], texts.ends[row]);
}

/** Compared within one unit: a bound with a unit excludes all others, a bare number is held against each. */
function inRange(value: string, { min, max }: AmountRange): boolean {
  const amount = readAmount(value);
  if (amount === null) return false;
  for (const bound of [min, max]) if (bound !== null && bound.unit !== '' && bound.unit !== amount.unit) return false;
  if (min !== null && compareDecimals(amount.number, min.number) < 0) return false;
  return max === null || compareDecimals(amount.number, max.number) <= 0;
}

/** Reads rows of a mentions part; pages are decoded once. */
export class MentionReader {
  readonly #part: PartReader;
  readonly #leaves: number;
  readonly #positions = new Map<number, Int32Array>();
  readonly #pages = new Map<number, MentionPage>();
  #readings: ReadonlyMap<number, Uint8Array> | null = null;

  /** All places of the tile are below `leaves`. */
  constructor(part: PartReader, leaves: number) {
    this.#part = part;
    this.#leaves = leaves;
  }

  /** Place of the leaf that a row belongs to. */
  position(row: number): number {
    const page = Math.floor(row / PAGE_ROWS);
    let positions = this.#positions.get(page);
    if (positions === undefined) {
      positions = this.#part.numbers('position', page);
      this.#positions.set(page, positions);
    }
    const position = positions[row % PAGE_ROWS] as number;
    if (!(position >= 0 && position < this.#leaves)) throw partMalformed('names a leaf that its segment cannot have');
    return position;
  }

  mention(row: number): IndexMention {
    const page = this.#page(row);
    const at = row % PAGE_ROWS;
    const name = (column: keyof MentionPage['codes']) => {
      const found = this.#part.names(column)[page.codes[column][at] as number];
      if (found === undefined) throw partMalformed(`has a code of ${column} without a name`);
      return found;
    };
    const [start, end] = [page.starts[at] as number, page.ends[at] as number];
    return {
      class: name('class'),
      type: name('type'),
      value: textOf(page.values, at),
      where: name('where') as IndexMention['where'],
      tier: name('tier') as IndexMention['tier'],
      start: start < 0 ? null : start,
      end: end < 0 ? null : end,
      alternative: name('reading') === 'alternative',
      alternatives: this.#alternatives(row),
      ...readHow(page.how[at] ?? 0),
    };
  }

  /** Kept beside the row in merged parts; else found once for the whole part. */
  #alternatives(row: number): OtherReading[] {
    const { others } = this.#page(row);
    const at = row % PAGE_ROWS;
    if (others !== null) return readOthers(others.bytes.subarray(others.starts[at], others.ends[at]));
    this.#readings ??= storedReadings(this.#part);
    return readOthers(this.#readings.get(row) ?? NOTHING);
  }

  #page(row: number): MentionPage {
    const number = Math.floor(row / PAGE_ROWS);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = readPage(this.#part, number);
      this.#pages.set(number, page);
    }
    return page;
  }
}

interface MentionPage {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly values: TextPage;
  /** Empty in a part that was made before this column. */
  readonly how: ArrayLike<number>;
  /** Null in a level-0 part. */
  readonly others: TextPage | null;
  readonly codes: Readonly<Record<'class' | 'type' | 'where' | 'tier' | 'reading', ArrayLike<number>>>;
}

function readPage(part: PartReader, page: number): MentionPage {
  return {
    starts: part.numbers('start', page),
    ends: part.numbers('end', page),
    values: part.texts('value', page),
    how: part.has('how') ? part.numbers('how', page) : [],
    others: part.has('others') ? part.texts('others', page) : null,
    codes: {
      class: part.codes('class', page),
      type: part.codes('type', page),
      where: part.codes('where', page),
      tier: part.codes('tier', page),
      reading: part.codes('reading', page),
    },
  };
}
