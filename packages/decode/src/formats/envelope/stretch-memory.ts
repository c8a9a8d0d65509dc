import type { ByteSource } from '../../byte-source.ts';

/** Memory that is kept from stretch to stretch at most: several times a unit of usual records. */
const MOST_KEPT = 16 * 1024 * 1024;

/** Reads one stretch of a source after the other into the same memory: what is kept of one has to be copied. */
export class StretchMemory {
  #memory: Buffer = Buffer.alloc(0);

  /** The bytes `[offset, offset + length)`, cut at the end of the source; they hold until the next are read. */
  read(source: ByteSource, offset: number, length: number): Buffer {
    const size = Math.max(0, Math.min(length, source.length - offset));
    if (source.readInto === undefined || size > MOST_KEPT) return asBuffer(source.read(offset, size));
    if (this.#memory.length < size) this.#memory = Buffer.allocUnsafeSlow(Math.ceil(size * 1.125));
    const bytes = this.#memory.subarray(0, size);
    source.readInto(offset, bytes);
    return bytes;
  }

  clear(): void {
    this.#memory = Buffer.alloc(0);
  }
}

/** The same bytes as a Buffer, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
