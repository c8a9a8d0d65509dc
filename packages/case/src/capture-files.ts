import type { ByteSource, CaptureFile, Scratch, ScratchHandle } from '@custody/decode';
import type { SealedReader } from '@custody/vault';

/** One file inside a sealed original: a single file, a member of a directory's pack, or one of a ZIP. */
export interface CaptureFileSpec {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** Where `offset` counts from: what was unpacked of a ZIP by this process, else the original. */
  readonly unpacked?: ScratchHandle;
}

/** What files of a capture are read from. */
export interface CaptureReaders {
  readonly reader: SealedReader;
  readonly scratch: Scratch;
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
export function captureFile(readers: CaptureReaders, files: readonly CaptureFileSpec[], index: number): CaptureFile {
  const spec = files[index] as CaptureFileSpec;
  const handles = new Map<string, ByteSource>();
  const sourceFrom = (place: CaptureFileSpec): ByteSource => {
    const { unpacked } = place;
    if (unpacked === undefined) return sourceOf(readers.reader, place);
    const opened = handles.get(unpacked.id) ?? readers.scratch.open(unpacked);
    handles.set(unpacked.id, opened);
    return stretchOf(opened, place);
  };
  const open = (path: string) => {
    const other = placesOf(files).get(path);
    return other === undefined ? null : sourceFrom(other);
  };
  const parent = spec.name.slice(0, spec.name.lastIndexOf('/') + 1);
  const file = { name: spec.name, source: sourceFrom(spec), beside: (name: string) => open(parent + name) };
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

function stretchOf(whole: ByteSource, { offset, length }: CaptureFileSpec): ByteSource {
  return {
    length,
    read: (at, size) => whole.read(offset + Math.min(at, length), Math.max(0, Math.min(size, length - at))),
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
