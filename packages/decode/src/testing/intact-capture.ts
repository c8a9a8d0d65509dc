import type { CaptureFile, Format } from '../format.ts';
import type { SuppliedKey } from '../keyring.ts';
import { memorySource } from './memory-source.ts';

/** An invented capture with nothing wrong, for tests that damage it. */
export interface IntactCapture {
  readonly format: Format;
  /** The file that is decoded; others lie beside it. */
  readonly name: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What opens it; none where the format has no keys. */
  readonly keys: readonly SuppliedKey[];
  /** Offsets in the file where its structure has a border. */
  readonly borders?: readonly number[];
  /**
   * True for texts in clear whose records can be taken away, or joined to others, without a trace in the format: a cut
   * between two of them cannot be told from a shorter text. Nothing else is excused.
   */
  readonly isLoose?: boolean;
}

export function captureFileOf({ name, files }: Pick<IntactCapture, 'name' | 'files'>): CaptureFile {
  const open = (path: string) => {
    const found = files.get(path);
    return found === undefined ? null : memorySource(new Uint8Array(found));
  };
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const source = open(name) ?? memorySource(new Uint8Array(0));
  if (files.size === 1) return { name, source };
  return { name, source, beside: (other) => open(folder + other), folder: { names: [...files.keys()], open } };
}
