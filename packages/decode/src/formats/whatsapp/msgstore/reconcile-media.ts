import type { Finding } from '@custody/evidence';
import type { CaptureFolder } from '../../../format.ts';
import { finding } from '../../../make-finding.ts';
import type { SqliteFile } from '../../../sqlite/index.ts';
import { statedHash } from './media.ts';
import { digestOf, MediaFolder } from './media-folder.ts';

/** Media of a directory capture against what messages state. */
export interface MediaReconciled {
  /** Stated path to file of the capture, where a file of another name has the stated hash. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Files of the media folder: they are accounted for here. */
  readonly covers: readonly string[];
  readonly findings: readonly Finding[];
}

/** Compares by path first; what no path names is hashed and compared with the hashes of what was not found. */
export function reconcileMedia(file: SqliteFile, folder: CaptureFolder | null, path: string): MediaReconciled {
  const media = new MediaFolder(folder);
  const covers = media.files;
  if (folder === null || covers.length === 0) return { renamed: new Map(), covers: [], findings: [] };
  const named = new Set<string>();
  const sought = new Map<string, string[]>();
  for (const { stated, hash } of statedFiles(file)) {
    const name = media.nameOf(stated);
    if (name !== null) named.add(name);
    else if (hash !== null) sought.set(hash, [...(sought.get(hash) ?? []), stated]);
  }
  const renamed = new Map<string, string>();
  let unnamed = 0;
  for (const name of covers) {
    if (named.has(name)) continue;
    const source = folder.open(name);
    const found = source === null || sought.size === 0 ? undefined : sought.get(digestOf(source).sha256);
    if (found === undefined) unnamed++;
    else for (const stated of found) renamed.set(stated, name);
  }
  const findings: Finding[] = [];
  if (renamed.size > 0) {
    const detail = `${renamed.size} media files stand under another name than messages state; they are told by their hash.`;
    findings.push(finding('CONFLICTING_COPIES', path, { records: 0, detail, class: 'note' }));
  }
  if (unnamed > 0) {
    const detail = `${unnamed} files of the media folder are named by no message, by path or hash: they are kept sealed, and are no items.`;
    findings.push(finding('NOT_COVERED', path, { records: 0, detail }));
  }
  return { renamed, covers, findings };
}

function* statedFiles(file: SqliteFile): Generator<{ readonly stated: string; readonly hash: string | null }> {
  const table = file.table('message_media');
  const at = table?.column('file_path') ?? null;
  if (table === null || at === null) return;
  const cursor = table.scan();
  while (cursor.next()) {
    const stated = cursor.text(at);
    if (stated !== null && stated !== '')
      yield { stated, hash: statedHash(cursor.text(table.column('file_hash') ?? -1)) };
  }
}
