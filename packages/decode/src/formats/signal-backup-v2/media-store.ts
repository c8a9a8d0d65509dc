import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { equalBytes } from '@custody/bytes';
import type { CaptureFolder } from '../../format.ts';
import { AES_BLOCK, MAC_LENGTH, SHORTEST } from './layout.ts';
import type { MediaKey } from './media-names.ts';

export type MediaState = 'present' | 'absent' | 'damaged';

const PIECE = 1024 * 1024;

/** Folder of the snapshots, and from it where a file stands. */
export function mediaPath(root: string, name: string): string {
  return `${root}files/${name.slice(0, 2)}/${name}`;
}

/** Opens files of a backup folder: each has a key, an IV and a MAC of its own. */
export class MediaStore {
  readonly #folder: CaptureFolder;
  readonly #root: string;
  /** A file may be named by many messages. */
  readonly #known = new Map<string, MediaState>();

  constructor(folder: CaptureFolder, root: string) {
    this.#folder = folder;
    this.#root = root;
  }

  /** Whether the file is there, authenticates and is the one that its pointer describes. Reads it once. */
  state(key: MediaKey): MediaState {
    const known = this.#known.get(key.name);
    if (known !== undefined) return known;
    const state = this.#examine(key, null);
    this.#known.set(key.name, state);
    return state;
  }

  /** Content of a small file; null where it is not there, not whole or longer than `most`. */
  content(key: MediaKey, most: number): Uint8Array | null {
    if (key.size > most) return null;
    const parts: Uint8Array[] = [];
    return this.#examine(key, parts) === 'present' ? Buffer.concat(parts) : null;
  }

  /** IV, AES-256-CBC ciphertext, HMAC-SHA256 over both. The content is padded; its size is in the pointer. */
  #examine(key: MediaKey, parts: Uint8Array[] | null): MediaState {
    const source = this.#folder.open(mediaPath(this.#root, key.name));
    if (source === null) return 'absent';
    const end = source.length - MAC_LENGTH;
    if (source.length < SHORTEST || end % AES_BLOCK !== 0 || key.size > end) return 'damaged';
    const mac = createHmac('sha256', key.localKey.subarray(32));
    const iv = source.read(0, AES_BLOCK).slice();
    const decipher = createDecipheriv('aes-256-cbc', key.localKey.subarray(0, 32), iv).setAutoPadding(false);
    const hash = createHash('sha256');
    mac.update(iv);
    let left = key.size;
    for (let at = AES_BLOCK; at < end; at += PIECE) {
      const sealed = source.read(at, Math.min(PIECE, end - at));
      mac.update(sealed);
      const plain = decipher.update(sealed).subarray(0, left);
      left -= plain.length;
      hash.update(plain);
      parts?.push(plain);
    }
    const authentic = equalBytes(mac.digest(), source.read(end, MAC_LENGTH));
    return authentic && left === 0 && equalBytes(hash.digest(), key.plaintextHash) ? 'present' : 'damaged';
  }
}
