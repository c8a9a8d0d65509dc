import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import type { Column, TableShape } from './read-shape.ts';

/** Columns that nobody can say the meaning of, and times without a zone. */
export function columnFindings(shape: TableShape): Finding[] {
  const list = (columns: readonly Column[]) =>
    columns
      .slice(0, 50)
      .map(({ name }) => JSON.stringify(name.slice(0, 80)))
      .join(', ');
  const undecided = shape.columns.filter(({ role }) => role === null);
  const zoneless = shape.columns.filter(({ time }) => time !== null && time.zone === null);
  const out: Finding[] = [];
  if (undecided.length > 0) {
    const detail = `${undecided.length} column(s) whose headings are not known: ${list(undecided)}; their text is kept in "cells", say what they are in table.json`;
    out.push(finding('BYTES_NOT_EXAMINED', shape.path, { records: null, detail }));
  }
  if (zoneless.length > 0) {
    const detail = `times without a declared zone in ${list(zoneless)}: those that state none are known within bounds only, not as an instant; declare the zone in table.json`;
    out.push(finding('TIME_ANOMALY', shape.path, { records: null, detail, class: 'note' }));
  }
  return out;
}
