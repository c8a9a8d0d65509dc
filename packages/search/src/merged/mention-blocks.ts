import { type TierId, tiers } from '@custody/entities';
import { PartEncoder } from '../encode-part.ts';
import { howOfFlags, packFlags, readingOfFlags } from '../mention-flags.ts';
import { classOfType, mentionPlaces, mentionReadings } from '../mention-rows.ts';
import { BLOCK_BYTES, BLOCK_ROWS, type Block, type MentionKey } from './block.ts';
import { ByteArena } from './byte-arena.ts';

export const MERGED_MENTIONS = 'merged mentions 1';

/** One mention in a merged part. */
export interface MentionRow {
  readonly position: number;
  /** Codes in mentionPlaces, tiers and mentionReadings. */
  readonly place: number;
  readonly tier: TierId;
  readonly reading: number;
  /** Folds and grade, as `packHow` has them. */
  readonly how: number;
  /** -1 where the mention has no span in the body. */
  readonly start: number;
  readonly end: number;
}

interface RunKey {
  readonly type: number;
  readonly source: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts rows, given in order, into blocks. Where a block ends depends on the rows alone, so whoever merges, from
 * whichever tiles, makes the same ones.
 */
export class MentionBlocks {
  readonly #types: readonly string[];
  readonly #encoder = new PartEncoder();
  readonly #values = new ByteArena();
  readonly #others = new ByteArena();
  readonly #type = new Uint32Array(BLOCK_ROWS);
  readonly #valueAt = new Uint32Array(BLOCK_ROWS);
  readonly #othersAt = new Uint32Array(BLOCK_ROWS);
  readonly #position = new Int32Array(BLOCK_ROWS);
  readonly #flags = new Uint32Array(BLOCK_ROWS);
  readonly #start = new Int32Array(BLOCK_ROWS);
  readonly #end = new Int32Array(BLOCK_ROWS);
  /** Filled again for each block. */
  readonly #columns = {
    class: new Uint32Array(BLOCK_ROWS),
    type: new Uint32Array(BLOCK_ROWS),
    where: new Uint32Array(BLOCK_ROWS),
    tier: new Uint32Array(BLOCK_ROWS),
    reading: new Uint32Array(BLOCK_ROWS),
    how: new Int32Array(BLOCK_ROWS),
  };
  #rows = 0;
  #bytes = 0;
  #key: RunKey | null = null;
  #value = -1;
  /** Blocks that are ready, to be taken by the caller. */
  ready: Block<MentionKey>[] = [];

  /** `types` are all types of the part, by their bytes. */
  constructor(types: readonly string[]) {
    this.#types = types;
  }

  /** Rows that follow have this type (its place in `types`) and value. */
  begin(type: number, source: Uint8Array, { from, to }: { readonly from: number; readonly to: number }): void {
    this.#key = { type, source, from, to };
    this.#value = -1;
  }

  /** `others` are the other readings of the span as they are stored. */
  row(row: MentionRow, others: Uint8Array): void {
    const { type, source, from, to } = this.#key as RunKey;
    if (this.#rows === 0 && this.#others.count === 0) this.#others.add(others, 0, 0);
    if (this.#value < 0) this.#value = this.#values.add(source, from, to);
    const at = this.#rows++;
    this.#type[at] = type;
    this.#valueAt[at] = this.#value;
    this.#othersAt[at] = others.length === 0 ? 0 : this.#others.add(others, 0, others.length);
    this.#position[at] = row.position;
    this.#flags[at] = packFlags(row);
    this.#start[at] = row.start;
    this.#end[at] = row.end;
    this.#bytes += to - from + others.length;
    if (this.#rows === BLOCK_ROWS || this.#bytes >= BLOCK_BYTES) this.flush();
  }

  flush(): void {
    if (this.#rows === 0) return;
    const value = this.#values.bytes.slice(0, this.#values.spans[1]);
    this.ready.push({ plain: this.#encode(), rows: this.#rows, key: { type: this.#type[0] as number, value } });
    this.#rows = 0;
    this.#bytes = 0;
    this.#value = -1;
    this.#values.clear();
    this.#others.clear();
  }

  #encode(): Uint8Array {
    const rows = this.#rows;
    const used = [...new Set(this.#type.subarray(0, rows))];
    const ranks = new Map(used.map((type, rank) => [type, rank]));
    const names = used.map((type) => this.#types[type] as string);
    const classes = [...new Set(names.map(classOfType))].sort();
    const classOf = names.map((name) => classes.indexOf(classOfType(name)));
    const columns = this.#columns;
    for (let row = 0; row < rows; row++) {
      const type = ranks.get(this.#type[row] as number) as number;
      const flags = this.#flags[row] as number;
      columns.type[row] = type;
      columns.class[row] = classOf[type] as number;
      columns.where[row] = flags & 0xff;
      columns.tier[row] = (flags >>> 8) & 0xff;
      columns.reading[row] = readingOfFlags(flags);
      columns.how[row] = howOfFlags(flags);
    }
    return this.#encoder.encode(MERGED_MENTIONS, rows, [
      { form: 'choice', name: 'class', names: classes, codes: columns.class },
      { form: 'choice', name: 'type', names, codes: columns.type },
      {
        form: 'text',
        name: 'value',
        source: this.#values.bytes,
        spans: this.#values.spans,
        at: this.#valueAt,
        bounds: 'grouped',
      },
      { form: 'int32', name: 'position', values: this.#position },
      { form: 'choice', name: 'where', names: mentionPlaces, codes: columns.where },
      { form: 'int32?', name: 'start', values: this.#start },
      { form: 'int32?', name: 'end', values: this.#end },
      { form: 'choice', name: 'tier', names: tiers, codes: columns.tier },
      { form: 'choice', name: 'reading', names: mentionReadings, codes: columns.reading },
      { form: 'int32', name: 'how', values: columns.how },
      {
        form: 'bytes',
        name: 'others',
        source: this.#others.bytes,
        spans: this.#others.spans,
        at: this.#othersAt,
        bounds: null,
      },
    ]);
  }
}
