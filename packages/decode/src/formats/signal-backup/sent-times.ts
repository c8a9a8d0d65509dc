/** Rows of one table that are kept together: a list grows without a copy of what it has. */
const PIECE = 65_536;
/** Times within a piece are kept as what they are more than its base; 0 says that a row has none. */
const NONE = 0;
const U32 = 2 ** 32;

/** Row ids and sent times of up to 65,536 rows, by ascending row id: ten bytes a row, also for tens of millions. */
interface Piece {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** What the ids are more than `first`. */
  readonly ids: Uint32Array;
  /** The time and one, in its low 32 and high 16 bits; 0 where there is none. */
  readonly low: Uint32Array;
  readonly high: Uint16Array;
}

/** Rows that do not fit into pieces: ids that do not ascend or lie far apart, times that are no time. */
type Odd = ReadonlyMap<number, number | null>;

export interface SentList {
  readonly pieces: readonly Piece[];
  readonly odd: Odd;
}

/** Tables with their lists; survives structured cloning. */
export type SentLists = ReadonlyMap<string, SentList>;

interface Growing extends Piece {
  count: number;
  first: number;
  last: number;
}

interface GrowingList {
  readonly pieces: Growing[];
  readonly odd: Map<number, number | null>;
}

/** Gathers the sent time of each message: Signal's own id of a message is sender and sent time. */
export class SentTimes {
  readonly #tables = new Map<string, GrowingList>();

  /** A row without a time is known, too. */
  add(table: string, id: number, time: number | null): void {
    let list = this.#tables.get(table);
    if (list === undefined) {
      list = { pieces: [], odd: new Map() };
      this.#tables.set(table, list);
    }
    const piece = this.#pieceFor(list, id, time);
    if (piece === null) {
      list.odd.set(id, time);
      return;
    }
    const at = piece.count++;
    piece.ids[at] = id - piece.first;
    piece.last = id;
    const kept = time === null ? NONE : time + 1;
    piece.low[at] = kept % U32;
    piece.high[at] = Math.floor(kept / U32);
  }

  /** Ends the gathering: what was gathered goes over into the lists. */
  lists(): SentLists {
    const lists = new Map<string, SentList>(this.#tables);
    this.#tables.clear();
    return lists;
  }

  /** Null for a row that no piece can hold. */
  #pieceFor({ pieces }: GrowingList, id: number, time: number | null): Growing | null {
    if (time !== null && (time < 0 || time >= 2 ** 48 - 1)) return null;
    const last = pieces.at(-1);
    if (last !== undefined && id <= last.last) return null;
    // A piece is begun where one is full, and for nothing else: whoever made the file chose the ids.
    if (last !== undefined && last.count < PIECE) return id - last.first < U32 ? last : null;
    const [low, high] = [new Uint32Array(PIECE), new Uint16Array(PIECE)];
    const piece = { count: 0, first: id, last: id, ids: new Uint32Array(PIECE), low, high };
    pieces.push(piece);
    return piece;
  }
}

/** Sent time of a row; undefined where there is none. */
export function sentOf(lists: SentLists, table: string, id: number): number | undefined {
  return timeOf(lists, table, id) ?? undefined;
}

/** Whether a table has a row. */
export function hasRow(lists: SentLists, table: string, id: number): boolean {
  return timeOf(lists, table, id) !== undefined;
}

/** Null: the row has no time; undefined: there is no row. */
function timeOf(lists: SentLists, table: string, id: number): number | null | undefined {
  const list = lists.get(table);
  if (list === undefined) return undefined;
  const { pieces, odd } = list;
  const piece = pieces[lastFrom(pieces.length, (i) => (pieces[i] as Piece).first <= id)];
  if (piece === undefined || id > piece.last) return odd.get(id);
  const wanted = id - piece.first;
  const at = lastFrom(piece.count, (i) => (piece.ids[i] as number) <= wanted);
  if (piece.ids[at] !== wanted) return odd.get(id);
  const kept = (piece.high[at] as number) * U32 + (piece.low[at] as number);
  return kept === NONE ? null : kept - 1;
}

/** The last of `count` places up to which something holds; -1 where it holds nowhere. */
function lastFrom(count: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
