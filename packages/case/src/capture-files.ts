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
  };
}

/** A file with its neighbours, as decoders that span several files want it. */
export function captureFile(reader: SealedReader, files: readonly CaptureFileSpec[], index: number): CaptureFile {
  const spec = files[index] as CaptureFileSpec;
  return {
    name: spec.name,
    source: sourceOf(reader, spec),
    beside: (name) => {
      const folder = spec.name.slice(0, spec.name.lastIndexOf('/') + 1);
      const other = files.find((file) => file.name === folder + name);
      return other === undefined ? null : sourceOf(reader, other);
    },
  };
}
