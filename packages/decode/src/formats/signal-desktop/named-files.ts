import type { CaptureFile } from '../../format.ts';
import type { SqliteFile } from '../../sqlite/index.ts';
import { attachedPath, readConfig } from './data-folder.ts';
import { attachmentRow, filesInJson } from './message-writer.ts';
import { listOf, StoredRow } from './stored-row.ts';

/**
 * Files of a directory capture that the database accounts for: those that its messages name, and the config with its key.
 * All others stay what they are, files that nobody read.
 */
export function filesNamed(file: CaptureFile, database: SqliteFile | null): readonly string[] {
  if (file.folder === undefined || database === null) return [];
  const named = new Set<string>();
  const config = readConfig(file);
  if (config !== null) named.add(config.path);
  const add = (path: string | null): void => {
    const full = path === null ? null : attachedPath(file, path.replaceAll('\\', '/'));
    if (full !== null) named.add(full);
  };
  const messages = database.table('messages');
  const cursor = messages?.scan();
  while (messages !== null && cursor?.next() === true) {
    const { json } = new StoredRow(cursor, messages);
    for (const version of [json, ...listOf(json.editHistory)]) for (const { path } of filesInJson(version)) add(path);
  }
  const attachments = database.table('message_attachments');
  const rows = attachments?.scan();
  while (attachments !== null && rows?.next() === true) add(attachmentRow(rows, attachments).stated.path);
  return [...named];
}
