import type { Finding } from '@custody/evidence';
import type { CaptureFolder } from '../../../format.ts';
import { finding } from '../../../make-finding.ts';
import type { SqliteFile } from '../../../sqlite/index.ts';
import { statedHash } from './media.ts';
import { digestOf, hashName, MediaFolder } from './media-folder.ts';

/** Media of a directory capture against what messages state. */
export interface MediaReconciled {
  /** Stated path and `hashName` to file of the capture, where a file that no path names has the stated hash. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Files of the media folder: they are accounted for here. */
  readonly covers: readonly string[];
  readonly findings: readonly Finding[];
}

/** Compares by path first; what no path names is hashed and compared with the hashes of what was not found. */
export function reconcileMedia(file: SqliteFile, folder: CaptureFolder | null, path: string): MediaReconciled {
  const media = new MediaFolder(folder);
  const covers = media.files;
  // An address book beside a store names no media: they are the store's to account for.
  const isStore = STATED.some(([name]) => file.table(name) !== null);
  if (folder === null || covers.length === 0 || !isStore) return { renamed: new Map(), covers: [], findings: [] };
  const named = new Set<string>();
  const sought = new Map<string, Set<string>>();
  for (const { stated, hash } of statedFiles(file)) {
    const name = stated === null ? null : media.nameOf(stated);
    if (name !== null) named.add(name);
    else if (hash !== null) seek(sought, hash, stated);
  }
  const renamed = new Map<string, string>();
  let [unnamed, moved] = [0, 0];
  for (const name of covers) {
    if (named.has(name)) continue;
    const source = folder.open(name);
    const sha256 = source === null || sought.size === 0 ? '' : digestOf(source).sha256;
    const found = sought.get(sha256);
    if (found === undefined) unnamed++;
    else for (const stated of [hashName(sha256), ...found]) renamed.set(stated, name);
    if (found !== undefined && found.size > 0) moved++;
  }
  const findings: Finding[] = [];
  if (moved > 0) {
    const detail = `${moved} media files stand under another name than messages state; they are told by their hash.`;
    findings.push(finding('CONFLICTING_COPIES', path, { records: 0, detail, class: 'note' }));
  }
  if (unnamed > 0) {
    const detail = `${unnamed} files of the media folder are named by no message, by path or hash: they are kept sealed, and are no items.`;
    findings.push(finding('NOT_COVERED', path, { records: 0, detail }));
  }
  return { renamed, covers, findings };
}

function seek(sought: Map<string, Set<string>>, hash: string, stated: string | null): void {
  const names = sought.get(hash) ?? new Set();
  if (stated !== null) names.add(stated);
  sought.set(hash, names);
}

/** Where tables say which file a message carried: its path, or in old ones no more than a name, and its hash. */
const STATED = [
  ['message_media', 'file_path', 'file_hash'],
  ['messages', 'media_name', 'media_hash'],
] as const;

function* statedFiles(file: SqliteFile): Generator<{ readonly stated: string | null; readonly hash: string | null }> {
  for (const [name, path, hash] of STATED) {
    const table = file.table(name);
    const [at, hashAt] = [table?.column(path) ?? -1, table?.column(hash) ?? -1];
    if (table === null || (at < 0 && hashAt < 0)) continue;
    const cursor = table.scan();
    while (cursor.next()) yield { stated: cursor.text(at) || null, hash: statedHash(cursor.text(hashAt)) };
  }
}
