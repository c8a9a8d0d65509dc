import type { ByteSource, CaptureFile } from '@custody/decode';
import type { SealedReader } from '@custody/vault';

/** One file inside a sealed original: a single file, or a member of a directory's pack. */
export interface CaptureFileSpec {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** A stretch of a sealed original as a decoder reads it. */
export function sourceOf(reader: SealedReader, spec: CaptureFileSpec): ByteSource {
  return {
    length: spec.length,
    read(offset, length) {
      const from = Math.min(offset, spec.length);
      const size = Math.min(length, spec.length - from);
      return size <= 0 ? new Uint8Array(0) : reader.read(spec.offset + from, size);
    },
    readInto(offset, into) {
      if (offset + into.length > spec.length) throw new RangeError('the stretch leaves its file');
      reader.readInto(spec.offset + offset, into);
    },
  };
}

/** A file with its neighbours, as decoders that span several files want it. */
export function captureFile(reader: SealedReader, files: readonly CaptureFileSpec[], index: number): CaptureFile {
  const spec = files[index] as CaptureFileSpec;
  const open = (path: string) => {
    const other = placesOf(files).get(path);
    return other === undefined ? null : sourceOf(reader, other);
  };
  const parent = spec.name.slice(0, spec.name.lastIndexOf('/') + 1);
  const file = { name: spec.name, source: sourceOf(reader, spec), beside: (name: string) => open(parent + name) };
  if (files.length < 2) return file;
  return {
    ...file,
    folder: {
      get names() {
        return [...placesOf(files).keys()];
      },
      open,
    },
  };
}

/** A folder may have a file for every picture of a life: found by name without looking through them all. */
const places = new WeakMap<readonly CaptureFileSpec[], ReadonlyMap<string, CaptureFileSpec>>();

function placesOf(files: readonly CaptureFileSpec[]): ReadonlyMap<string, CaptureFileSpec> {
  const known = places.get(files);
  if (known !== undefined) return known;
  const made = new Map(files.map((file) => [file.name, file]));
  places.set(files, made);
  return made;
}
