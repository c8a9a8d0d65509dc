import { fileDigest } from '../../file-digest.ts';
import { columnsOf, integer } from '../../row-store/columns.ts';
import type { RowSink } from '../../row-store/row-decoder.ts';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';
import type { MessageParts } from './message-parts.ts';

/** The file of an attachment row: its hash where the capture holds it. */
export function writeFileOf(row: RowCursor, { scope, links }: MessageParts, { out, tally }: RowSink): void {
  const at = columnsOf(links.attachmentTable as SqliteTable, ['filename', 'transfer_name', 'mime_type', 'total_bytes']);
  const path = row.text(at.filename);
  const source = path === null ? null : scope.attached(path);
  const name = row.text(at.transfer_name) || path;
  const mime = row.text(at.mime_type) || null;
  if (source === null) {
    tally.absentFiles++;
    const size = integer(row, at.total_bytes);
    out.attachment({ name, mime, size: size === null || size <= 0 ? null : size, sha256: null, present: false });
    return;
  }
  out.attachment({ name, mime, ...fileDigest(source), present: true });
}
