import { compareBytes, utf8DecodeLossy } from '@custody/bytes';
import { compareDecimals, readAmount } from './decimal.ts';
import { partMalformed } from './errors.ts';
import type { IndexMention } from './index-query.ts';
import { classOfType } from './mention-rows.ts';
import { PAGE_ROWS } from './part-column.ts';
import type { PartReader, TextPage } from './part-reader.ts';
import { type AmountRange, isWantedType, type MentionTest } from './query-plan.ts';
import { TILE_LEAVES } from './tile-names.ts';

const BODY = 'body';
const ATTACHMENT = 'attachment';

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
  const places = part.names('where').map((place) => place !== BODY && place !== ATTACHMENT);
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
  readonly #positions = new Map<number, Int32Array>();
  readonly #pages = new Map<number, MentionPage>();
  #readings: ReadonlyMap<string, readonly number[]> | null = null;

  constructor(part: PartReader) {
    this.#part = part;
  }

  /** Position of the leaf that a row belongs to. */
  position(row: number): number {
    const page = Math.floor(row / PAGE_ROWS);
    let positions = this.#positions.get(page);
    if (positions === undefined) {
      positions = this.#part.numbers('position', page);
      this.#positions.set(page, positions);
    }
    const position = positions[row % PAGE_ROWS] as number;
    if (!(position >= 0 && position < TILE_LEAVES)) throw partMalformed('names a leaf that its segment cannot have');
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
    };
  }

  /** The other rows that read the same span, found once for the whole part. */
  #alternatives(row: number): { type: string; value: string }[] {
    this.#readings ??= this.#spansReadTwice();
    const others = this.#readings.get(this.#span(row)) ?? [];
    return others
      .filter((other) => other !== row)
      .map((other) => {
        const page = this.#page(other);
        const type = this.#part.names('type')[page.codes.type[other % PAGE_ROWS] as number] ?? '';
        return { type, value: textOf(page.values, other % PAGE_ROWS) };
      });
  }

  /** Most tiles have few such spans or none: codes and positions decide which pages are read at all. */
  #spansReadTwice(): Map<string, number[]> {
    const spans = new Map<string, number[]>();
    const positions = new Set<number>();
    const second = this.#part.names('reading').indexOf('alternative');
    for (const row of this.#rowsOf('reading', second)) {
      spans.set(this.#span(row), []);
      positions.add(this.position(row));
    }
    if (spans.size === 0) return spans;
    for (const row of this.#rowsOf('where', this.#part.names('where').indexOf(BODY))) {
      if (positions.has(this.position(row))) spans.get(this.#span(row))?.push(row);
    }
    return spans;
  }

  *#rowsOf(column: 'reading' | 'where', code: number): Generator<number> {
    for (let page = 0; page < this.#part.pages; page++) {
      const codes = this.#part.codes(column, page);
      for (let at = 0; at < codes.length; at++) if (codes[at] === code) yield page * PAGE_ROWS + at;
    }
  }

  #span(row: number): string {
    const page = this.#page(row);
    return `${this.position(row)}:${page.starts[row % PAGE_ROWS]}:${page.ends[row % PAGE_ROWS]}`;
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
  readonly codes: Readonly<Record<'class' | 'type' | 'where' | 'tier' | 'reading', ArrayLike<number>>>;
}

function readPage(part: PartReader, page: number): MentionPage {
  return {
    starts: part.numbers('start', page),
    ends: part.numbers('end', page),
    values: part.texts('value', page),
    codes: {
      class: part.codes('class', page),
      type: part.codes('type', page),
      where: part.codes('where', page),
      tier: part.codes('tier', page),
      reading: part.codes('reading', page),
    },
  };
}
