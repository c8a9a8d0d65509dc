import { concatBytes } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import type { Scratch, ScratchFile, ScratchHandle } from '../scratch.ts';
import { memorySource } from './memory-source.ts';

/** A scratch for tests: keeps everything in memory, in clear. */
export class MemoryScratch implements Scratch {
  readonly #files = new Map<string, Uint8Array>();
  #next = 0;

  /** Finished files that nobody discarded. */
  get kept(): number {
    return this.#files.size;
  }

  create(): ScratchFile {
    const id = `memory-${this.#next++}`;
    const parts: Uint8Array[] = [];
    let length = 0;
    let state: 'writing' | 'finished' | 'discarded' = 'writing';
    const files = this.#files;
    return {
      get length() {
        return length;
      },
      append(bytes) {
        if (state !== 'writing') throw new Error(`scratch file is ${state}`);
        parts.push(bytes.slice());
        length += bytes.length;
      },
      finish(): ScratchHandle {
        if (state !== 'writing') throw new Error(`scratch file is ${state}`);
        state = 'finished';
        files.set(id, concatBytes(parts));
        return { id, length };
      },
      discard() {
        state = 'discarded';
        parts.length = 0;
        files.delete(id);
      },
    };
  }

  open(handle: ScratchHandle): ByteSource {
    const bytes = this.#files.get(handle.id);
    if (bytes === undefined) throw new Error(`no scratch file ${handle.id}`);
    return memorySource(bytes);
  }
}
