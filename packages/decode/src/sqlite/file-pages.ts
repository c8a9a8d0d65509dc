import type { ByteSource } from '../byte-source.ts';
import type { Origin, PageFault, PageSource } from './page-source.ts';

/** The pages of a plain database file. */
export class FilePages implements PageSource {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly #source: ByteSource;
  readonly #wholePages: number;

  /** `declaredPages` comes from the header: pages that it promises and the file lacks are faults when read. */
  constructor(source: ByteSource, pageSize: number, declaredPages: number) {
    this.#source = source;
    this.pageSize = pageSize;
    this.#wholePages = Math.floor(source.length / pageSize);
    this.pageCount = Math.max(this.#wholePages, declaredPages);
  }

  read(page: number): Uint8Array | PageFault {
    if (page < 1 || page > this.pageCount) return { fault: `page ${page} does not exist` };
    if (page > this.#wholePages) return { fault: `page ${page} lies beyond the end of the file` };
    const bytes = this.#source.read(this.offsetOf(page), this.pageSize);
    if (bytes.length !== this.pageSize) return { fault: `page ${page} could not be read whole` };
    return plainBytes(bytes);
  }

  offsetOf(page: number): number {
    return (page - 1) * this.pageSize;
  }

  originOf(): Origin {
    return 'main';
  }
}

/** One class of array only: the byte loops above run several times slower when a Buffer comes between. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
