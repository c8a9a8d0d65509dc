import type { CaptureFile } from '../../../format.ts';
import { memorySource } from '../../../testing/memory-source.ts';

/** A file of a directory capture, as a case shows it to a decoder. */
export function folderFile(files: ReadonlyMap<string, Uint8Array>, name: string): CaptureFile {
  const open = (path: string) => {
    const bytes = files.get(path);
    return bytes === undefined ? null : memorySource(bytes);
  };
  const source = open(name);
  if (source === null) throw new Error(`no file ${name}`);
  const parent = name.slice(0, name.lastIndexOf('/') + 1);
  return { name, source, beside: (other) => open(parent + other), folder: { names: [...files.keys()], open } };
}
