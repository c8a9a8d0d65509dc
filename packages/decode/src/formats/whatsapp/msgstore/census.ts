import { columnsOf } from '../../../row-store/columns.ts';
import { RunScan } from '../../../row-store/run-scan.ts';
import type { PageProblem, SqliteFile, SqliteTable } from '../../../sqlite/index.ts';
import { Directory } from './directory.ts';
import { type WalkRuns, walkRunsOf } from './row-walk.ts';
import { passAll, SideCensus } from './side-census.ts';
import { ADD_ON_TABLE, isUserTable, MAIN_TABLES, OWN_TABLES, roleOf } from './table-roles.ts';

/** A stretch of one table. orphans: of a side table, only rows that belong to no row of a main table. */
export interface TablePart {
  readonly table: string;
  readonly role: 'main' | 'own' | 'orphans';
  readonly pages: Uint32Array;
  readonly rows: number;
  /** orphans: which readable rows of the stretch; null: all of them. */
  readonly only: Uint32Array | null;
  /** Bytes of the records: what a unit will hold in memory, and some more. */
  readonly bytes: number;
}

/** What a message store holds, counted by reading every table once. Damage is met, and reported, here and only here. */
export interface Census {
  readonly parts: readonly TablePart[];
  /** Side tables whose rows are read beside their main rows; others are all orphans. */
  readonly sides: readonly WalkRuns[];
  /** The new main table, where the old one must ask it whose a side row is. */
  readonly current: WalkRuns | null;
  /** Rows of covered tables that could be read: what the units must decode. */
  readonly rows: number;
  readonly uncovered: readonly { readonly table: string; readonly rows: number }[];
  readonly examined: readonly string[];
  readonly problems: readonly PageProblem[];
  /** JID of the owner, where messages of the owner's name exactly one. */
  readonly owner: string | null;
}

export function takeCensus(file: SqliteFile): Census {
  return new CensusTaker(file).take();
}

class CensusTaker {
  readonly #file: SqliteFile;
  readonly #parts: TablePart[] = [];
  readonly #sides: WalkRuns[] = [];
  #current: WalkRuns | null = null;
  readonly #problems: PageProblem[] = [];
  readonly #uncovered: { table: string; rows: number }[] = [];
  readonly #examined: string[] = [];
  readonly #ownerRows = new Set<number>();
  #rows = 0;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  take(): Census {
    this.#problems.push(...this.#file.problems);
    const tables = this.#file.tables.filter((table) => isUserTable(table.name));
    const byRole = (role: string) => tables.filter((table) => roleOf(table) === role);
    const mains = MAIN_TABLES.flatMap((name) => byRole('main').filter((table) => table.name.toLowerCase() === name));
    this.#group(mains, byRole('side'), 'main');
    const own = OWN_TABLES.flatMap((name) => byRole('own').filter((table) => table.name.toLowerCase() === name));
    for (const table of own) {
      if (table.name.toLowerCase() === ADD_ON_TABLE) this.#group([table], byRole('add-on-side'), 'own');
      else this.#covered(new RunScan(table).finish(), 'own');
    }
    if (!own.some((table) => table.name.toLowerCase() === ADD_ON_TABLE)) this.#group([], byRole('add-on-side'), 'own');
    for (const table of tables) if (roleOf(table) === null) this.#notCovered(table);
    return {
      parts: this.#parts,
      sides: this.#sides,
      current: this.#current,
      rows: this.#rows,
      uncovered: this.#uncovered,
      examined: this.#examined,
      problems: this.#problems,
      owner: this.#owner(),
    };
  }

  #group(mains: readonly SqliteTable[], sides: readonly SqliteTable[], role: 'main' | 'own'): void {
    const scans = mains.map((table) => new RunScan(table));
    const beside = sides.map((table) => new SideCensus(new RunScan(table)));
    passAll(
      scans.map((scan) => ({ scan, onRow: this.#ownerWatch(scan) })),
      beside,
    );
    for (const scan of scans) this.#covered(scan, role);
    const orderly = scans.every((scan) => scan.ascending);
    if (orderly && scans.length > 1) this.#current = walkRunsOf(scans[0] as RunScan);
    for (const { scan, orphans } of beside) {
      const joined = orderly && scan.ascending;
      if (joined && scan.rows > 0) this.#sides.push(walkRunsOf(scan));
      this.#count(scan);
      this.#addParts(scan, 'orphans', joined ? (stretch) => Uint32Array.from(orphans[stretch] ?? []) : () => null);
    }
  }

  #covered(scan: RunScan, role: 'main' | 'own'): void {
    this.#count(scan);
    this.#addParts(scan, role, () => null);
  }

  #count(scan: RunScan): void {
    this.#rows += scan.rows;
    this.#examined.push(scan.table.name);
    this.#problems.push(...scan.problems);
  }

  #addParts(scan: RunScan, role: TablePart['role'], onlyOf: (stretch: number) => Uint32Array | null): void {
    scan.stretches.forEach(({ pages, bytes, rows: all }, stretch) => {
      const only = onlyOf(stretch);
      const rows = only?.length ?? all;
      if (rows > 0) this.#parts.push({ table: scan.table.name, role, pages, rows, only, bytes });
    });
  }

  #notCovered(table: SqliteTable): void {
    const cursor = table.scan();
    let rows = 0;
    while (cursor.next()) rows++;
    this.#problems.push(...cursor.problems);
    if (rows > 0) this.#uncovered.push({ table: table.name, rows });
  }

  /** In the new schema the owner's messages to groups name the owner as their sender. */
  #ownerWatch(scan: RunScan): () => void {
    const at = columnsOf(scan.table, ['from_me', 'sender_jid_row_id']);
    if (at.sender_jid_row_id < 0 || at.from_me < 0) return () => {};
    return () => {
      if (this.#ownerRows.size > 1 || scan.cursor.int(at.from_me) !== 1) return;
      const sender = scan.cursor.int(at.sender_jid_row_id);
      if (typeof sender === 'number' && sender > 0) this.#ownerRows.add(sender);
    };
  }

  #owner(): string | null {
    const [row, ...more] = this.#ownerRows;
    if (row === undefined || more.length > 0) return null;
    const jid = new Directory(this.#file).jids.get(row);
    return jid !== null && /^\d{5,}/.test(jid) ? jid : null;
  }
}
