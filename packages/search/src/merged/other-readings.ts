import { type CborValue, decodeCbor, encodeCbor, utf8DecodeLossy } from '@custody/bytes';
import { partMalformed } from '../errors.ts';
import { PAGE_ROWS } from '../part-column.ts';
import type { PartReader, TextPage } from '../part-reader.ts';

export interface OtherReading {
  readonly type: string;
  readonly value: string;
}

/**
 * For each row of a level-0 mentions part whose span has other readings: these, as merged parts keep them beside the
 * row, because there the rows of one leaf lie far apart.
 */
export function storedReadings(part: PartReader): ReadonlyMap<number, Uint8Array> {
  const second = part.names('reading').indexOf('alternative');
  const body = part.names('where').indexOf('body');
  const twice = new Map<string, number[]>();
  const spans = spansOf(part);
  for (const row of rowsWith(part, 'reading', second)) twice.set(spans(row), []);
  const stored = new Map<number, Uint8Array>();
  const pages = new Map<number, ReadingPage>();
  if (twice.size === 0) return stored;
  for (const row of rowsWith(part, 'where', body)) twice.get(spans(row))?.push(row);
  for (const rows of twice.values()) {
    for (const row of rows) {
      const others = rows.filter((other) => other !== row).map((other) => readingOf(part, pages, other));
      if (others.length > 0) stored.set(row, encodeCbor(others));
    }
  }
  return stored;
}

function* rowsWith(part: PartReader, column: 'reading' | 'where', code: number): Generator<number> {
  for (let page = 0; page < part.pages; page++) {
    const codes = part.codes(column, page);
    for (let at = 0; at < codes.length; at++) if (codes[at] === code) yield page * PAGE_ROWS + at;
  }
}

function spansOf(part: PartReader): (row: number) => string {
  const pages = Array.from({ length: part.pages }, (_, page) => ({
    positions: part.numbers('position', page),
    starts: part.numbers('start', page),
    ends: part.numbers('end', page),
  }));
  return (row) => {
    const page = pages[Math.floor(row / PAGE_ROWS)];
    const at = row % PAGE_ROWS;
    return `${page?.positions[at]}:${page?.starts[at]}:${page?.ends[at]}`;
  };
}

interface ReadingPage {
  readonly types: ArrayLike<number>;
  readonly values: TextPage;
}

function readingOf(part: PartReader, pages: Map<number, ReadingPage>, row: number): CborValue[] {
  const number = Math.floor(row / PAGE_ROWS);
  let page = pages.get(number);
  if (page === undefined) {
    page = { types: part.codes('type', number), values: part.texts('value', number) };
    pages.set(number, page);
  }
  const at = row % PAGE_ROWS;
  const { bytes, starts, ends } = page.values;
  return [part.names('type')[page.types[at] as number] ?? '', utf8DecodeLossy(bytes, starts[at], ends[at])];
}

/** Throws IntegrityError INDEX_PART_MALFORMED. */
export function readOthers(stored: Uint8Array): OtherReading[] {
  if (stored.length === 0) return [];
  const value = decodeCbor(stored);
  if (!Array.isArray(value)) throw partMalformed('has other readings that are no list');
  return value.map((one) => {
    const [type, text] = Array.isArray(one) ? one : [];
    if (typeof type !== 'string' || typeof text !== 'string') throw partMalformed('has another reading that is none');
    return { type, value: text };
  });
}
