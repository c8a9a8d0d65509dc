import { type TierId, tiers } from '@custody/entities';
import { partMalformed } from '../errors.ts';
import { mentionPlaces, mentionReadings } from '../mention-rows.ts';
import { PAGE_ROWS } from '../part-column.ts';
import type { PartReader, TextPage } from '../part-reader.ts';
import type { PartBlocks } from '../whole-part.ts';
import { Cursor } from './cursor.ts';
import type { MentionRow } from './mention-blocks.ts';
import { storedReadings } from './other-readings.ts';
import { setKey } from './sort-key.ts';

const NOTHING = new Uint8Array(0);

/** What takes rows, a value at a time. */
export interface MentionSink {
  begin(type: number, source: Uint8Array, span: { readonly from: number; readonly to: number }): void;
  row(row: MentionRow, others: Uint8Array): void;
}

/** Goes through the rows of a mentions part: a run is the rows of one value that follow each other in a page. */
export class MentionCursor extends Cursor {
  readonly #types: ReadonlyMap<string, number>;
  #others: ReadonlyMap<number, Uint8Array> | null = null;
  #typeOf: number[] = [];
  #codesOf: Record<'where' | 'tier' | 'reading', number[]> = { where: [], tier: [], reading: [] };
  #page: MentionColumns | null = null;
  #from = 0;
  #to = 0;
  /** Filled again for each row: a sink keeps its numbers, not the row. */
  readonly #row = { position: 0, place: 0, tier: 0 as TierId, reading: 0, how: 0, start: 0, end: 0 };

  /** `types`: place of each type in the merged part's list. */
  constructor(part: PartBlocks, base: number, types: ReadonlyMap<string, number>) {
    super(part, base);
    this.#types = types;
  }

  next(): boolean {
    const page = this.#page;
    this.#from = this.#to;
    if (page === null || this.#from >= page.types.length) return false;
    const from = this.#from;
    let to = from + 1;
    while (to < page.types.length && page.types[to] === page.types[from] && sameText(page.values, from, to)) to++;
    this.#to = to;
    const type = this.#typeOf[page.types[from] as number];
    if (type === undefined) throw partMalformed('has a code of type without a name');
    const { bytes, starts, ends } = page.values;
    setKey(this.key, type, bytes, { from: starts[from] as number, to: ends[from] as number });
    return true;
  }

  /** Hands on the rows of the run. */
  give(into: MentionSink): void {
    const page = this.#page as MentionColumns;
    into.begin(this.key.type, this.key.bytes, this.key);
    for (let row = this.#from; row < this.#to; row++) {
      const given = this.#row;
      given.position = (page.positions[row] as number) + this.base;
      given.place = this.#code('where', page.where[row] as number);
      given.tier = this.#code('tier', page.tier[row] as number) as TierId;
      given.reading = this.#code('reading', page.reading[row] as number);
      given.how = page.how[row] ?? 0;
      given.start = page.starts[row] as number;
      given.end = page.ends[row] as number;
      into.row(given, this.#othersOf(page, row));
    }
  }

  #code(column: 'where' | 'tier' | 'reading', code: number): number {
    const found = this.#codesOf[column][code];
    if (found === undefined) throw partMalformed(`has a code of ${column} that this version does not know`);
    return found;
  }

  #othersOf({ others, first }: MentionColumns, row: number): Uint8Array {
    if (others === null) return this.#others?.get(first + row) ?? NOTHING;
    const [start, end] = [others.starts[row], others.ends[row]];
    return start === end ? NOTHING : others.bytes.subarray(start, end);
  }

  protected openBlock(reader: PartReader): void {
    this.#typeOf = reader.names('type').map((type) => this.#types.get(type) as number);
    const codes = (column: 'where' | 'tier' | 'reading', known: readonly string[]) =>
      reader.names(column).map((name) => {
        const code = known.indexOf(name);
        return code < 0 ? (undefined as unknown as number) : code;
      });
    this.#codesOf = {
      where: codes('where', mentionPlaces),
      tier: codes('tier', tiers),
      reading: codes('reading', mentionReadings),
    };
    this.#others = reader.has('others') ? null : storedReadings(reader);
  }

  protected readPage(reader: PartReader, page: number): void {
    this.#from = 0;
    this.#to = 0;
    this.#page = {
      first: page * PAGE_ROWS,
      types: reader.codes('type', page),
      values: reader.texts('value', page),
      positions: reader.numbers('position', page),
      where: reader.codes('where', page),
      tier: reader.codes('tier', page),
      reading: reader.codes('reading', page),
      how: reader.has('how') ? reader.numbers('how', page) : [],
      starts: reader.numbers('start', page),
      ends: reader.numbers('end', page),
      others: reader.has('others') ? reader.texts('others', page) : null,
    };
  }
}

interface MentionColumns {
  /** Number of the page's first row in its block. */
  readonly first: number;
  readonly types: ArrayLike<number>;
  readonly values: TextPage;
  readonly positions: Int32Array;
  readonly where: ArrayLike<number>;
  readonly tier: ArrayLike<number>;
  readonly reading: ArrayLike<number>;
  readonly how: ArrayLike<number>;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly others: TextPage | null;
}

function sameText({ bytes, starts, ends }: TextPage, a: number, b: number): boolean {
  const startA = starts[a] as number;
  const startB = starts[b] as number;
  const length = (ends[a] as number) - startA;
  if ((ends[b] as number) - startB !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[startA + i] !== bytes[startB + i]) return false;
  return true;
}
