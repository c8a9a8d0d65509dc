import { compareBytes } from '@custody/bytes';
import { PartEncoder } from '../encode-part.ts';
import { partMalformed } from '../errors.ts';
import type { PartColumn } from '../part-column.ts';
import { PartReader } from '../part-reader.ts';
import type { TilePart } from '../tile-names.ts';
import type { ItemKey, MentionKey, WordKey } from './block.ts';
import { ByteArena } from './byte-arena.ts';

export const PART_INDEX = 'merged index 1';

/** What the index of a part says of a block. */
export interface IndexedBlock<Key> {
  readonly key: Key;
  /** Where its frame begins in the part's plaintext, and its bytes. */
  readonly offset: number;
  readonly length: number;
  readonly rows: number;
}

/** The blocks of a part as one more Parquet file: keys of their first rows, where they lie, how many rows they have. */
export function encodePartIndex(
  part: TilePart,
  blocks: readonly IndexedBlock<MentionKey | WordKey | ItemKey>[],
  types: readonly string[],
): Uint8Array {
  const keys = blocks.map(({ key }) => key);
  return new PartEncoder().encode(PART_INDEX, blocks.length, [
    ...keyColumns(part, keys, types),
    { form: 'int64?', name: 'offset', values: Float64Array.from(blocks, ({ offset }) => offset) },
    { form: 'int32', name: 'length', values: Int32Array.from(blocks, ({ length }) => length) },
    { form: 'int32', name: 'rows', values: Int32Array.from(blocks, ({ rows }) => rows) },
  ]);
}

function keyColumns(
  part: TilePart,
  keys: readonly (MentionKey | WordKey | ItemKey)[],
  types: readonly string[],
): PartColumn[] {
  if (part === 'items') {
    const items = keys as readonly ItemKey[];
    return [
      { form: 'int32', name: 'position', values: Int32Array.from(items, ({ position }) => position) },
      { form: 'int64?', name: 'minMs', values: Float64Array.from(items, ({ minMs }) => minMs) },
      { form: 'int64?', name: 'maxMs', values: Float64Array.from(items, ({ maxMs }) => maxMs) },
      { form: 'int32', name: 'undated', values: Int32Array.from(items, ({ undated }) => undated) },
    ];
  }
  const values = new ByteArena();
  for (const key of keys) {
    const bytes = 'word' in key ? key.word : (key as MentionKey).value;
    values.add(bytes, 0, bytes.length);
  }
  const text: PartColumn = {
    form: 'text',
    name: 'value',
    source: values.bytes,
    spans: values.spans,
    at: null,
    bounds: null,
  };
  if (part === 'words') return [text];
  const codes = Uint32Array.from(keys as readonly MentionKey[], ({ type }) => type);
  return [{ form: 'choice', name: 'type', names: types, codes }, text];
}

/** The index of a part as flat arrays. */
export class PartIndex {
  readonly blocks: number;
  /** All types of a mentions part, by their bytes. */
  readonly types: readonly string[];
  readonly offsets: Float64Array;
  readonly lengths: Int32Array;
  /** Number of the first row of each block; one more for the end. */
  readonly firstRows: Float64Array;
  readonly positions: Int32Array;
  readonly minMs: Float64Array;
  readonly maxMs: Float64Array;
  /** Undated items of each block. */
  readonly undated: Int32Array;
  readonly #typeOf: Int32Array;
  readonly #values: Uint8Array[] = [];

  /** Throws IntegrityError INDEX_PART_MALFORMED. `end`: where the frames of the blocks end. */
  constructor(part: TilePart, plain: Uint8Array, end: number) {
    const reader = new PartReader(plain);
    this.blocks = reader.rows;
    this.types = part === 'mentions' && reader.rows > 0 ? reader.names('type') : [];
    this.offsets = all(reader, (page) => reader.longNumbers('offset', page), Float64Array);
    this.lengths = all(reader, (page) => reader.numbers('length', page), Int32Array);
    const rows = all(reader, (page) => reader.numbers('rows', page), Int32Array);
    this.firstRows = new Float64Array(this.blocks + 1);
    for (let b = 0; b < this.blocks; b++) {
      this.firstRows[b + 1] = (this.firstRows[b] as number) + (rows[b] as number);
      const [offset, length] = [this.offsets[b] as number, this.lengths[b] as number];
      if (!(offset >= 0 && length > 0 && offset + length <= end))
        throw partMalformed('has a block that does not lie in it');
    }
    const items = part === 'items';
    const ints = (name: string) =>
      items ? all(reader, (page) => reader.numbers(name, page), Int32Array) : new Int32Array(0);
    const longs = (name: string) =>
      items ? all(reader, (page) => reader.longNumbers(name, page), Float64Array) : new Float64Array(0);
    this.positions = ints('position');
    this.undated = ints('undated');
    this.minMs = longs('minMs');
    this.maxMs = longs('maxMs');
    this.#typeOf = new Int32Array(this.blocks);
    if (!items) this.#readValues(reader, part === 'mentions');
  }

  #readValues(reader: PartReader, typed: boolean): void {
    for (let page = 0; page < reader.pages; page++) {
      const { bytes, starts, ends } = reader.texts('value', page);
      const codes = typed ? reader.codes('type', page) : null;
      for (let i = 0; i < starts.length; i++) {
        if (codes !== null) this.#typeOf[this.#values.length] = codes[i] as number;
        this.#values.push(bytes.subarray(starts[i], ends[i]));
      }
    }
  }

  /**
   * Blocks that may hold keys from (type, low) up to and not including (type, high); `high` null: to the end of the
   * type. With `high` equal to `low`: that one key. For words the type is 0.
   */
  between(type: number, low: Uint8Array, high: Uint8Array | null): { readonly from: number; readonly to: number } {
    // A key may begin in the block before the first that begins with it or after it.
    const from = Math.max(0, this.#firstAtLeast(type, low) - 1);
    let to = high === null ? this.#firstAtLeast(type + 1, EMPTY) : this.#firstAtLeast(type, high);
    if (high !== null && compareBytes(low, high) === 0) {
      while (to < this.blocks && this.#compare(to, type, high) === 0) to++;
    }
    return { from, to };
  }

  /** The item block that holds a place, if any does. */
  blockOfPlace(position: number): number {
    let low = 0;
    let high = this.blocks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.positions[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #firstAtLeast(type: number, value: Uint8Array): number {
    let low = 0;
    let high = this.blocks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, type, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(block: number, type: number, value: Uint8Array): number {
    return (this.#typeOf[block] as number) - type || compareBytes(this.#values[block] as Uint8Array, value);
  }
}

const EMPTY = new Uint8Array(0);

function all<T extends Int32Array | Float64Array>(
  reader: PartReader,
  read: (page: number) => T,
  make: new (length: number) => T,
): T {
  const into = new make(reader.rows);
  let at = 0;
  for (let page = 0; page < reader.pages; page++) {
    const values = read(page);
    into.set(values, at);
    at += values.length;
  }
  return into;
}
