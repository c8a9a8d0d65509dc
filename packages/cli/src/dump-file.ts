import { fstatSync, openSync, readSync } from 'node:fs';
import { UsageError } from '@custody/bytes';
import type { ByteSource } from '@custody/decode';

/** The dump, open for reading. Throws UsageError. */
export function openDump(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new UsageError('CAPTURE_UNREADABLE', `${path}: ${(error as Error).message}`);
  }
}

export function sourceOf(fd: number): ByteSource {
  const length = fstatSync(fd).size;
  const fill = (offset: number, into: Uint8Array): number => {
    let at = 0;
    while (at < into.length) {
      const got = readSync(fd, into, at, into.length - at, offset + at);
      if (got === 0) break;
      at += got;
    }
    return at;
  };
  return {
    length,
    read(offset, size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(size, length - offset)));
      return bytes.subarray(0, fill(offset, bytes));
    },
    readInto(offset, into) {
      if (fill(offset, into) < into.length)
        throw new UsageError('CAPTURE_UNREADABLE', 'the file became shorter while it was read');
    },
  };
}
