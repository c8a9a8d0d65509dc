import { createHash } from 'node:crypto';
import type { ByteSource } from '../../../byte-source.ts';
import type { CaptureFolder } from '../../../format.ts';

export interface FoundFile {
  readonly size: number;
  readonly sha256: string;
}

const PIECE = 1024 * 1024;
const MOST_KEPT = 50_000;

/** The path of a media file as messages state it, from `Media/` on; null for other files of a capture. */
export function mediaPath(name: string): string | null {
  return /(?:^|\/)(Media\/.+)$/.exec(name)?.[1] ?? null;
}

/** What a file is called that messages name by its SHA-256 only. */
export function hashName(sha256: string): string {
  return `sha256:${sha256}`;
}

/** The media of a directory capture, found by the path that a message states and told by their hash. */
export class MediaFolder {
  readonly #folder: CaptureFolder | null;
  /** Files by the path from `Media/` on, and by what messages call them where they were renamed. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #kept = new Map<string, FoundFile | null>();

  constructor(folder: CaptureFolder | null, renamed: ReadonlyMap<string, string> = new Map()) {
    this.#folder = folder;
    const names = new Map<string, string>();
    for (const name of folder?.names ?? []) {
      const path = mediaPath(name);
      if (path !== null) names.set(path, name);
    }
    for (const [stated, name] of renamed) names.set(stated, name);
    this.#names = names;
  }

  /** Files of the folder, as the capture names them. */
  get files(): readonly string[] {
    return [...new Set(this.#names.values())];
  }

  /** The file of the capture that a stated path means. */
  nameOf(path: string): string | null {
    return this.#names.get(path) ?? this.#names.get(mediaPath(path) ?? '') ?? null;
  }

  /** Size and SHA-256 of the file; null where the capture does not hold it. */
  find(path: string): FoundFile | null {
    const name = this.nameOf(path);
    if (name === null) return null;
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const source = this.#folder?.open(name) ?? null;
    const found = source === null ? null : digestOf(source);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(name, found);
    return found;
  }
}

export function digestOf(source: ByteSource): FoundFile {
  const hash = createHash('sha256');
  for (let at = 0; at < source.length; at += PIECE) hash.update(source.read(at, Math.min(PIECE, source.length - at)));
  return { size: source.length, sha256: hash.digest('hex') };
}
