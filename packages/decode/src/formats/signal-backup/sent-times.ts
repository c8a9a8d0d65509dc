/** Sent times of the rows of one table, by ascending row id: two numbers a message, also for millions. */
export interface SentList {
  readonly ids: Float64Array;
  readonly times: Float64Array;
}

/** Tables with their lists; survives structured cloning. */
export type SentLists = ReadonlyMap<string, SentList>;

const FIRST = 1024;

/** Gathers the sent time of each message: Signal's own id of a message is sender and sent time. */
export class SentTimes {
  readonly #tables = new Map<string, { ids: Float64Array; times: Float64Array; count: number; sorted: boolean }>();

  /** A row without a time is known, too. */
  add(table: string, id: number, time: number | null): void {
    let list = this.#tables.get(table);
    if (list === undefined) {
      list = { ids: new Float64Array(FIRST), times: new Float64Array(FIRST), count: 0, sorted: true };
      this.#tables.set(table, list);
    }
    if (list.count === list.ids.length) {
      list.ids = grown(list.ids);
      list.times = grown(list.times);
    }
    if (list.count > 0 && (list.ids[list.count - 1] as number) > id) list.sorted = false;
    list.ids[list.count] = id;
    list.times[list.count++] = time ?? Number.NaN;
  }

  lists(): SentLists {
    const lists = new Map<string, SentList>();
    for (const [table, { ids, times, count, sorted }] of this.#tables) {
      const list = { ids: ids.slice(0, count), times: times.slice(0, count) };
      lists.set(table, sorted ? list : inOrder(list));
    }
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

function grown(list: Float64Array): Float64Array {
  const more = new Float64Array(list.length * 2);
  more.set(list);
  return more;
}

/** The exporter writes rows by ascending id; another order is put right here. */
function inOrder({ ids, times }: SentList): SentList {
  const order = Array.from(ids.keys()).sort((a, b) => (ids[a] as number) - (ids[b] as number));
  return {
    ids: Float64Array.from(order, (i) => ids[i] as number),
    times: Float64Array.from(order, (i) => times[i] as number),
  };
}
