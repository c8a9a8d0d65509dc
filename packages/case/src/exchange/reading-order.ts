import { deserialize, serialize } from 'node:v8';
import { concatBytes } from '@custody/bytes';
import { conversationOf, type ExchangeItem, sentMs } from '@custody/exchange';
import { DiskScratch } from '../pipeline/disk-scratch.ts';

/** Rows that the key columns grow by: 24 bytes each. */
const GROWTH = 65_536;
/** Bytes of items that are encrypted and written at once. */
const GATHERED = 256 * 1024;

/**
 * Items in reading order: by conversation, in it by time and LeafIndex, undated last. They wait on disk under a key of this
 * process only; in memory stay 28 bytes an item and the names of conversations.
 */
export class ReadingOrder {
  readonly #scratch = new DiskScratch();
  readonly #file = this.#scratch.create();
  readonly #conversations = new Map<string | null, number>();
  #group = new Uint32Array(GROWTH);
  #time = new Float64Array(GROWTH);
  #index = new Float64Array(GROWTH);
  #start = new Float64Array(GROWTH + 1);
  #count = 0;
  /** Written in one piece once there is enough of it. */
  #gathered: Uint8Array[] = [];
  #length = 0;
  #written = 0;

  get size(): number {
    return this.#count;
  }

  add(one: ExchangeItem): void {
    if (this.#count === this.#group.length) this.#grow();
    const key = conversationOf(one);
    const group = this.#conversations.get(key) ?? this.#conversations.size;
    this.#conversations.set(key, group);
    const row = this.#count++;
    this.#group[row] = group;
    this.#time[row] = sentMs(one) ?? Number.POSITIVE_INFINITY;
    this.#index[row] = one.index;
    const bytes = serialize(one);
    this.#gathered.push(bytes);
    this.#length += bytes.length;
    this.#start[row + 1] = this.#length;
    if (this.#length - this.#written >= GATHERED) this.#flush();
  }

  /** LeafIndex of each, as they were added. */
  indexes(): Iterable<number> {
    return this.#index.subarray(0, this.#count);
  }

  /** May be read more than once, when all are added. */
  async *read(): AsyncGenerator<ExchangeItem> {
    this.#flush();
    // In reading order they lie anywhere: chunks of a cache would be decrypted for a single item each.
    const source = this.#scratch.openScattered(this.#file.finish());
    const rank = this.#ranks();
    const rows = Uint32Array.from({ length: this.#count }, (_, row) => row).sort((a, b) => this.#compare(a, b, rank));
    for (const row of rows) {
      const start = this.#start[row] as number;
      yield deserialize(source.read(start, (this.#start[row + 1] as number) - start)) as ExchangeItem;
    }
  }

  dispose(): void {
    this.#scratch.dispose();
  }

  /** Conversations by name, so that the order does not hang on which came first; items without one come last. */
  #ranks(): Uint32Array {
    const ranks = new Uint32Array(this.#conversations.size);
    const names = [...this.#conversations].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
    for (const [rank, [, group]] of names.entries()) ranks[group] = rank;
    return ranks;
  }

  #compare(a: number, b: number, rank: Uint32Array): number {
    const groups = (rank[this.#group[a] as number] as number) - (rank[this.#group[b] as number] as number);
    if (groups !== 0) return groups;
    const [one, other] = [this.#time[a] as number, this.#time[b] as number];
    return one === other ? (this.#index[a] as number) - (this.#index[b] as number) : one < other ? -1 : 1;
  }

  #flush(): void {
    if (this.#gathered.length > 0) this.#file.append(concatBytes(this.#gathered));
    this.#gathered = [];
    this.#written = this.#length;
  }

  #grow(): void {
    const length = this.#group.length * 2;
    this.#group = grown(this.#group, new Uint32Array(length));
    this.#time = grown(this.#time, new Float64Array(length));
    this.#index = grown(this.#index, new Float64Array(length));
    this.#start = grown(this.#start, new Float64Array(length + 1));
  }
}

function grown<T extends Uint32Array | Float64Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
