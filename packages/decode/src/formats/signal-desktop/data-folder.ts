import { utf8DecodeLossy } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile } from '../../format.ts';

/** Where Signal Desktop keeps files that messages name, from its data folder. */
const FILE_FOLDERS: readonly string[] = [
  'attachments.noindex',
  'stickers.noindex',
  'avatars.noindex',
  'drafts.noindex',
];
const LONGEST_CONFIG = 1024 * 1024;

/** The app's data folder, with `/` at its end unless it is the capture's own: the one above `sql/`. */
export function dataFolderOf(name: string): string {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  return folder === 'sql/' || folder.endsWith('/sql/') ? folder.slice(0, -'sql/'.length) : folder;
}

/** Path, in the capture, of a file that a message names; null where it is not there. */
export function attachedPath(file: CaptureFile, path: string): string | null {
  const root = dataFolderOf(file.name);
  for (const folder of FILE_FOLDERS) {
    const full = `${root}${folder}/${path}`;
    if (file.folder?.open(full) != null) return full;
  }
  return null;
}

export function attachedFile(file: CaptureFile, path: string): ByteSource | null {
  const full = attachedPath(file, path);
  return full === null ? null : (file.folder?.open(full) ?? null);
}

/** `config.json` of the data folder, which holds the key of the database, in clear or wrapped; null where it is not there. */
export function readConfig(file: CaptureFile): { readonly path: string; readonly text: string } | null {
  const path = `${dataFolderOf(file.name)}config.json`;
  const source = file.folder?.open(path) ?? null;
  if (source === null || source.length > LONGEST_CONFIG) return null;
  return { path, text: utf8DecodeLossy(source.read(0, source.length)) };
}
