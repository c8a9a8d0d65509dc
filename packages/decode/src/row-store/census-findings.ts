import type { Finding } from '@custody/evidence';
import { finding } from '../make-finding.ts';
import type { PageProblem, SqliteFile } from '../sqlite/index.ts';

/** What reading all tables of a database once met. */
export interface TablesRead {
  readonly problems: readonly PageProblem[];
  /** Tables that are not decoded, with their rows. */
  readonly uncovered: readonly { readonly table: string; readonly rows: number }[];
  readonly examined: readonly string[];
}

/** What the census met: damage, and tables that are not decoded. */
export function censusFindings(file: SqliteFile, census: TablesRead, path: string): Finding[] {
  return [
    ...census.problems.map((problem) => damage(problem, path)),
    ...census.uncovered.map(({ table, rows }) =>
      finding('NOT_COVERED', path, { records: rows, detail: `Table ${table}: ${rows} rows are not decoded.` }),
    ),
    ...bytesNotExamined(file, census, path),
  ];
}

/** Bytes in which deleted rows may still stand: nobody has looked at them here. */
function bytesNotExamined(file: SqliteFile, census: TablesRead, path: string): Finding[] {
  const { freePages, unclaimedPages, slackBytes, trailingBytes, freelistFault } = file.unexamined(census.examined);
  const size = file.header.pageSize;
  const bytes = (freePages + unclaimedPages) * size + slackBytes + trailingBytes;
  if (bytes === 0) return [];
  const fault = freelistFault === null ? '' : ` The list of free pages is damaged: ${freelistFault}.`;
  const detail =
    `${bytes} bytes were not examined: ${freePages} free pages and ${unclaimedPages} pages of no table (${size} bytes each), ` +
    `${slackBytes} bytes between rows, ${trailingBytes} bytes behind the last page. Deleted rows may stand there.${fault}`;
  return [finding('BYTES_NOT_EXAMINED', path, { records: 0, detail })];
}

function damage(problem: PageProblem, path: string): Finding {
  const { table, page, after, before, rowsLost, offset, length } = problem;
  const where = `${table === null ? 'The database' : `Table ${table}`}${page === null ? '' : `, page ${page}`}`;
  return finding(
    'PAGE_DAMAGED',
    { path: problem.origin === 'wal' ? `${path}-wal` : path, offset, length, row: null },
    {
      class: problem.class,
      records: rowsLost,
      detail: `${where}: ${problem.reason}.${bracket(after, before, rowsLost)}`,
    },
  );
}

function bracket(after: PageProblem['after'], before: PageProblem['before'], lost: number | null): string {
  if (lost === 0 || (after === null && before === null)) return '';
  const from = after === null ? 'Rows from the first' : `Rows after ${after}`;
  const to = before === null ? ' to the last' : ` and before ${before}`;
  const most = typeof after === 'number' && typeof before === 'number' ? `, at most ${before - after - 1}` : '';
  return ` ${from}${to} are concerned${most}.`;
}

/** Where the rows that were decoded are not as many as the survey counted. */
export function miscounted(
  path: string,
  { rows, decoded }: { readonly rows: number; readonly decoded: number },
): readonly Finding[] {
  if (decoded === rows) return [];
  const detail = `The database was counted at ${rows} readable rows; ${decoded} were decoded.`;
  return [finding('RECORD_MALFORMED', path, { class: 'doubt', records: Math.abs(rows - decoded), detail })];
}
