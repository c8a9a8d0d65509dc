import type { Origin, PageSource } from './page-source.ts';
import type { Rowid } from './varint.ts';

export type SqliteProblemCode =
  /** A page of a tree cannot be had or is no such page: its rows, or the rows below it, are lost. */
  | 'PAGE_UNREADABLE'
  /** A page is reached a second time in one tree. */
  | 'PAGE_LOOP'
  /** Single cells of a page are damaged: these rows are lost. */
  | 'CELLS_DAMAGED'
  /** The bytes of a page do not add up: rows may be missing or may overlap. */
  | 'SPACE_DISAGREES'
  /** Rowids do not ascend: a rowid was changed, or pages belong elsewhere. */
  | 'ORDER_BROKEN'
  /** A row has more fields than its table has columns: its page may belong to another table. */
  | 'FIELDS_DISAGREE'
  /** The file as a whole: header fields, lengths, the write-ahead log, the freelist. */
  | 'FILE_DISAGREES'
  /** A definition in the schema could not be understood or found. */
  | 'SCHEMA_DAMAGED'
  /** More problems than are kept. */
  | 'FURTHER_PROBLEMS';

/** Something in the file that is not as it should be. Scanning goes on behind it. */
export interface PageProblem {
  readonly code: SqliteProblemCode;
  /** lost: rows are missing; doubt: rows may be missing or wrong, or the file disagrees with itself. */
  readonly class: 'lost' | 'doubt';
  readonly page: number | null;
  readonly origin: Origin;
  /** The page's place in its file (see `origin`); null where the whole file is meant. */
  readonly offset: number | null;
  readonly length: number | null;
  readonly table: string | null;
  /** A plain sentence without content. */
  readonly reason: string;
  /** null: cannot be known. 0 for a doubt that costs no row. */
  readonly rowsLost: number | null;
  /** Rowids of lost rows where they could still be read. */
  readonly rowids: readonly Rowid[];
  /** The rows concerned stand after this rowid … (null: from the start, or not known) */
  readonly after: Rowid | null;
  /** … and before this one. (null: to the end, or not known) */
  readonly before: Rowid | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A cursor that seeks may come to a page several times and each time meet other damaged rows. */
function addRowids(item: Writable<PageProblem>, rowids: readonly Rowid[]): void {
  const added = rowids.filter((rowid) => !item.rowids.includes(rowid));
  if (added.length === 0 || item.rowsLost === null) return;
  item.rowids = [...item.rowids, ...added];
  item.rowsLost += added.length;
}

/** Hostile files have a problem on every page; beyond this number they are counted only. */
const MOST_PROBLEMS = 10_000;

/** Collects problems of one table and brackets them with the rowids handed out before and after. */
export class ProblemLog {
  readonly items: PageProblem[] = [];
  /** The last rowid that was handed out. */
  last: Rowid | null = null;
  readonly #pages: PageSource;
  readonly #table: string | null;
  readonly #seen = new Map<string, Writable<PageProblem>>();
  #unbracketed = 0;
  #further = 0;

  constructor(pages: PageSource, table: string | null) {
    this.#pages = pages;
    this.#table = table;
  }

  /** The same page and code (and cell) count once. */
  add(
    problem: Pick<PageProblem, 'code' | 'class' | 'reason' | 'rowsLost'> & Partial<PageProblem>,
    page: number | null,
    cell = -1,
  ): void {
    const key = `${problem.code} ${page} ${cell}`;
    const held = this.#seen.get(key);
    if (held !== undefined) {
      addRowids(held, problem.rowids ?? []);
      return;
    }
    if (this.items.length >= MOST_PROBLEMS) {
      this.#countFurther();
      return;
    }
    const exists = page !== null && page >= 1 && page <= this.#pages.pageCount;
    const item: Writable<PageProblem> = {
      page,
      origin: exists ? this.#pages.originOf(page) : 'main',
      offset: exists ? this.#pages.offsetOf(page) : null,
      length: exists ? this.#pages.pageSize : null,
      table: this.#table,
      rowids: [],
      after: this.last,
      before: null,
      ...problem,
    };
    this.#seen.set(key, item);
    this.items.push(item);
  }

  /** A row was handed out (or a range ends): what was reported since the row before stands before it. */
  bracket(rowid: Rowid | null): void {
    for (; this.#unbracketed < this.items.length; this.#unbracketed++) {
      const item = this.items[this.#unbracketed] as Writable<PageProblem>;
      if (item.before === null) item.before = rowid;
    }
  }

  get unbracketed(): boolean {
    return this.#unbracketed < this.items.length;
  }

  #countFurther(): void {
    this.#further++;
    const last = this.items[this.items.length - 1] as Writable<PageProblem>;
    last.code = 'FURTHER_PROBLEMS';
    last.class = 'lost';
    last.rowsLost = null;
    last.reason = `${this.#further + 1} further problems are not listed one by one`;
  }
}
