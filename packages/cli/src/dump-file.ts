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
  return {
    length,
    read(offset, size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(size, length - offset)));
      let at = 0;
      while (at < bytes.length) {
        const got = readSync(fd, bytes, at, bytes.length - at, offset + at);
        if (got === 0) break;
        at += got;
      }
      return bytes.subarray(0, at);
    },
  };
}
