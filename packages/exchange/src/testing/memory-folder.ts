import { concatBytes, utf8Encode } from '@custody/bytes';
import type { ExportFile, ExportFolder } from '../export-folder.ts';

/** Files in memory, by name. A name given twice or a file left open is an error of the exporter. */
export class MemoryFolder implements ExportFolder {
  readonly files: Map<string, Uint8Array> = new Map();
  readonly #open = new Set<string>();

  async file(name: string): Promise<ExportFile> {
    if (this.#open.has(name) || this.files.has(name)) throw new Error(`${name}: begun twice`);
    this.#open.add(name);
    const chunks: Uint8Array[] = [];
    return {
      write: async (chunk) => {
        chunks.push(typeof chunk === 'string' ? utf8Encode(chunk) : Uint8Array.from(chunk));
      },
      close: async () => {
        this.files.set(name, concatBytes(chunks));
        this.#open.delete(name);
      },
    };
  }

  text(name: string): string {
    const bytes = this.files.get(name);
    if (bytes === undefined || this.#open.size > 0) throw new Error(`${name} was not written to its end`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  }
}
