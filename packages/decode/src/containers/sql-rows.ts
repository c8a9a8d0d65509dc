import type { CaptureFile } from '../format.ts';
import { LONGEST_RECORD } from '../formats/envelope/splitter.ts';
import { finding } from '../make-finding.ts';
import type { Container } from '../profile/profile.ts';
import { lacksItsEnd } from '../sql-dump/dump-end.ts';
import { readSqlRow, SqlRowRefused } from '../sql-dump/read-sql-row.ts';
import { scanSql } from '../sql-dump/scan-sql.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport, LostStretch } from './container-report.ts';
import type { RecordStore } from './record-store.ts';

const SHORT = 'The line that ends a dump is missing: how many rows would follow cannot be known.';

/** The rows of one table in a dump of PostgreSQL or MySQL. Other tables are named and counted. */
export function readSqlRows(
  { source, name }: CaptureFile,
  container: Extract<Container, { kind: 'sql' }>,
  store: RecordStore,
): ContainerReport {
  const wanted = container.table.toLowerCase();
  const lost: LostStretch[] = [];
  const others = new Map<string, number>();
  let known: readonly string[] = [];
  let row = 0;
  scanSql(source, {
    row: ({ table, columns, form, offset, length }) => {
      if (table !== wanted) {
        if (others.has(table) || others.size < 1000) others.set(table, (others.get(table) ?? 0) + 1);
        return;
      }
      row++;
      known = columns;
      const place = { row, offset, length };
      if (length > LONGEST_RECORD) {
        store.problem(`a record is longer than ${LONGEST_RECORD} bytes`, place);
        return;
      }
      const raw = source.read(offset, length);
      const values = valuesOf(raw, form);
      if (typeof values === 'string') store.problem(values, place);
      else if (values.length !== columns.length)
        store.problem(`${values.length} values where the table has ${columns.length} columns`, place);
      else
        store.add(
          Buffer.from(JSON.stringify(Object.fromEntries(columns.map((column, i) => [column, values[i]])))),
          place,
          raw,
        );
    },
    damage: (offset, next, detail) => lost.push({ offset, length: Math.max(0, next - offset), detail }),
  });
  if (row === 0 && lost.length === 0) {
    throw new ContainerFailure(
      `the dump has no rows of a table "${wanted}"; it has ${[...others.keys()].slice(0, 50).join(', ')}`,
    );
  }
  const names = [...others].map(([table, rows]) => `${table} (${rows} rows)`);
  const detail = `tables that the profile does not describe: ${names.slice(0, 50).join(', ')}`;
  const findings = names.length === 0 ? [] : [finding('BYTES_NOT_EXAMINED', name, { records: null, detail })];
  if (lost.length === 0 && lacksItsEnd(source))
    findings.push(finding('TRUNCATED', name, { records: null, detail: SHORT }));
  return { columns: known, lost, findings };
}

function valuesOf(raw: Uint8Array, form: Parameters<typeof readSqlRow>[1]): (string | null)[] | string {
  try {
    return readSqlRow(raw, form);
  } catch (error) {
    if (error instanceof SqlRowRefused) return error.message;
    throw error;
  }
}
