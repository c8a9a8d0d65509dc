import { type JsonObject, textOf, wholeOf } from './json-object.ts';

/** A file that a message names. */
export interface NamedFile {
  /** Path inside the export; null where the export says that it left the file out. */
  readonly path: string | null;
  readonly name: string | null;
  readonly mime: string | null;
  readonly size: number | null;
}

/** `photo` and `file`; each may be a path or a sentence in brackets that says why the file is not there. */
export function namedFiles(message: JsonObject): NamedFile[] {
  const files: NamedFile[] = [];
  const photo = textOf(message.photo);
  if (photo !== null) files.push(fileOf(photo, { name: null, mime: null, size: wholeOf(message.photo_file_size) }));
  const file = textOf(message.file);
  if (file !== null) {
    const said = { name: textOf(message.file_name), mime: textOf(message.mime_type), size: wholeOf(message.file_size) };
    files.push(fileOf(file, said));
  }
  return files;
}

function fileOf(path: string, said: Omit<NamedFile, 'path'>): NamedFile {
  const isLeftOut = path.startsWith('(');
  const name = said.name ?? (isLeftOut ? null : path.slice(path.lastIndexOf('/') + 1));
  return { ...said, name, path: isLeftOut ? null : path };
}
