import { LeafListWalk, TreeWalk } from './cell-walk.ts';
import type { ColumnDefinition, TableDefinition } from './create-table.ts';
import type { TextEncoding } from './header.ts';
import { type LeafRun, leafRuns } from './leaf-runs.ts';
import type { TreeKind } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { type PageProblem, ProblemLog } from './problem.ts';
import { RowCursor } from './row-cursor.ts';
import { layoutOf, type RowLayout } from './row-layout.ts';
import type { StrayLeaves } from './stray-leaves.ts';
import type { Rowid } from './varint.ts';

/** Which rows a scan visits; all without it. */
export interface ScanRange {
  /** First rowid, inclusive. Not for WITHOUT ROWID tables. */
  readonly fromRowid?: Rowid;
  /** Last rowid, inclusive. */
  readonly toRowid?: Rowid;
  /** The leaves of one run, see `leafRuns`. */
  readonly leaves?: ArrayLike<number>;
}

export interface TableSource {
  readonly name: string;
  readonly sql: string;
  readonly rootPage: number;
  readonly definition: TableDefinition | null;
  readonly encoding: TextEncoding;
  readonly nodes: NodeCache;
  readonly path: string;
  readonly strays: StrayLeaves | null;
}

/** An ordinary table of the database. */
export class SqliteTable {
  readonly name: string;
  readonly sql: string;
  readonly rootPage: number;
  /** Empty where the definition was not understood (see the file's problems): rows are then read through `record()`. */
  readonly columns: readonly ColumnDefinition[];
  readonly withoutRowid: boolean;
  /** Column that is another name of the rowid. */
  readonly rowidAlias: number | null;
  readonly #source: TableSource;
  readonly #layout: RowLayout;
  readonly #columns: ReadonlyMap<string, number>;

  constructor(source: TableSource) {
    this.name = source.name;
    this.sql = source.sql;
    this.rootPage = source.rootPage;
    this.columns = source.definition?.columns ?? [];
    this.withoutRowid = source.definition?.withoutRowid ?? false;
    this.rowidAlias = source.definition?.rowidAlias ?? null;
    this.#source = source;
    this.#layout = layoutOf(source.definition, source.encoding);
    this.#columns = new Map(this.columns.map((column, at) => [column.name.toLowerCase(), at]));
  }

  /** The same tree, its rows read by another definition. */
  withDefinition(definition: TableDefinition | null): SqliteTable {
    return new SqliteTable({ ...this.#source, definition });
  }

  /** Number of the column with this name in any case, for the readers of a cursor; null where there is none. */
  column(name: string): number | null {
    return this.#columns.get(name.toLowerCase()) ?? null;
  }

  /** A cursor before the first row. Rows come in key order. */
  scan(range: ScanRange = {}): RowCursor {
    const { nodes, path } = this.#source;
    const log = new ProblemLog(nodes.pages, this.name);
    const kind: TreeKind = this.withoutRowid ? 'index' : 'table';
    const tree = new TreeWalk({ nodes, root: this.rootPage, kind, strays: this.#source.strays }, log);
    const walk = range.leaves === undefined ? tree : new LeafListWalk(nodes, range.leaves, log);
    const cursor = new RowCursor({
      nodes,
      walk,
      kind,
      layout: this.#layout,
      log,
      path,
      toRowid: range.toRowid ?? null,
    });
    if (range.fromRowid !== undefined) cursor.seekBefore(range.fromRowid);
    return cursor;
  }

  /**
   * The table in runs of whole leaves with about `rows` rows each, for work that is divided among threads; together
   * their scans visit what one whole scan visits. `problems` names what keeps leaves from being reached; a leaf's own
   * damage is reported by the scan of its run. Empty for WITHOUT ROWID tables, whose rows stand in all pages.
   */
  leafRuns(rows = 4000): { readonly runs: readonly LeafRun[]; readonly problems: readonly PageProblem[] } {
    const log = new ProblemLog(this.#source.nodes.pages, this.name);
    if (this.withoutRowid) return { runs: [], problems: [] };
    const { nodes, strays } = this.#source;
    const runs = [...leafRuns({ nodes, root: this.rootPage, strays }, rows, log)];
    return { runs, problems: log.items };
  }
}
