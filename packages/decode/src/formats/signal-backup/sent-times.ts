/** Sent times of the rows of one table, by ascending row id: two numbers a message, also for millions. */
export interface SentList {
  readonly ids: Float64Array;
  readonly times: Float64Array;
}

/** Tables with their lists; survives structured cloning. */
export type SentLists = ReadonlyMap<string, SentList>;

/** Pairs of row id and time that are kept together: a list grows without a copy of what it has. */
const PIECE = 65_536;

interface Growing {
  readonly pieces: Float64Array[];
  count: number;
  last: number;
  sorted: boolean;
}

/** Gathers the sent time of each message: Signal's own id of a message is sender and sent time. */
export class SentTimes {
  readonly #tables = new Map<string, Growing>();

  /** A row without a time is known, too. */
  add(table: string, id: number, time: number | null): void {
    let list = this.#tables.get(table);
    if (list === undefined) {
      list = { pieces: [], count: 0, last: Number.NEGATIVE_INFINITY, sorted: true };
      this.#tables.set(table, list);
    }
    const at = list.count++ % PIECE;
    if (at === 0) list.pieces.push(new Float64Array(2 * PIECE));
    if (list.last > id) list.sorted = false;
    list.last = id;
    const piece = list.pieces.at(-1) as Float64Array;
    piece[2 * at] = id;
    piece[2 * at + 1] = time ?? Number.NaN;
  }

  /** Ends the gathering: what was gathered goes over into the lists. */
  lists(): SentLists {
    const lists = new Map<string, SentList>();
    for (const [table, { pieces, count, sorted }] of this.#tables) {
      const list = { ids: new Float64Array(count), times: new Float64Array(count) };
      for (let i = 0; i < count; i++) {
        const piece = pieces[Math.floor(i / PIECE)] as Float64Array;
        list.ids[i] = piece[2 * (i % PIECE)] as number;
        list.times[i] = piece[2 * (i % PIECE) + 1] as number;
      }
      lists.set(table, sorted ? list : inOrder(list));
    }
    this.#tables.clear();
    return lists;
  }
}

/** Sent time of a row; undefined where there is none. */
export function sentOf(lists: SentLists, table: string, id: number): number | undefined {
  const time = timeOf(lists, table, id);
  return Number.isNaN(time) ? undefined : time;
}

/** Whether a table has a row. */
export function hasRow(lists: SentLists, table: string, id: number): boolean {
  return timeOf(lists, table, id) !== undefined;
}

function timeOf(lists: SentLists, table: string, id: number): number | undefined {
  const list = lists.get(table);
  if (list === undefined) return undefined;
  let [low, high] = [0, list.ids.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = list.ids[middle] as number;
    if (found === id) return list.times[middle];
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** The exporter writes rows by ascending id; another order is put right here. */
function inOrder({ ids, times }: SentList): SentList {
  const order = Array.from(ids.keys()).sort((a, b) => (ids[a] as number) - (ids[b] as number));
  return {
    ids: Float64Array.from(order, (i) => ids[i] as number),
    times: Float64Array.from(order, (i) => times[i] as number),
  };
}
