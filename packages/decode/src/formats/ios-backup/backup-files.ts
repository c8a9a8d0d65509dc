import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile } from '../../format.ts';
import type { BackupEntry } from './backup-entry.ts';
import { CbcSource, unpaddedLength } from './cbc-source.ts';
import { openWrappedKey } from './keybag.ts';

/** What became of a file's content. */
export type OpenedFile =
  | { readonly state: 'whole'; readonly source: ByteSource }
  /** There, and its length or padding is wrong. */
  | { readonly state: 'damaged'; readonly source: ByteSource }
  /** There, and no supplied key opens it. */
  | { readonly state: 'locked' }
  | { readonly state: 'absent' };

const BLOCK = 16;

/** The files of a backup folder, decrypted. */
export class BackupFiles {
  readonly root: string;
  readonly #capture: CaptureFile;
  /** Null where the backup is not encrypted. */
  readonly #classes: ReadonlyMap<number, Uint8Array> | null;

  constructor(capture: CaptureFile, classes: ReadonlyMap<number, Uint8Array> | null) {
    this.#capture = capture;
    this.#classes = classes;
    this.root = rootOf(capture);
  }

  /** Where the content stands: in 256 folders since iOS 10, in one before. Null where it is not there. */
  pathOf(fileId: string): string | null {
    const nested = `${this.root}${fileId.slice(0, 2)}/${fileId}`;
    if (this.#capture.folder?.open(nested) != null) return nested;
    return this.#capture.folder?.open(this.root + fileId) == null ? null : this.root + fileId;
  }

  open(entry: BackupEntry): OpenedFile {
    const path = this.pathOf(entry.fileId);
    const sealed = path === null ? null : (this.#capture.folder?.open(path) ?? null);
    if (sealed === null) return { state: 'absent' };
    if (entry.key === null || this.#classes === null) {
      // Without a key of its own a file stands in clear, also in an encrypted backup.
      if (entry.key !== null) return { state: 'locked' };
      const state = entry.size === null || entry.size === sealed.length ? 'whole' : 'damaged';
      return { state, source: sealed };
    }
    const key = openWrappedKey(entry.key, this.#classes, entry.protectionClass);
    return key === null ? { state: 'locked' } : openSealed(sealed, key, entry.size);
  }
}

/** Padded to whole blocks; the manifest says where the content ends. Files without padding occur where it fills its blocks. */
function openSealed(sealed: ByteSource, key: Uint8Array, size: number | null): OpenedFile {
  const unpadded = unpaddedLength(sealed, key);
  const fits = size === null ? unpadded !== null : unpadded === size || sealed.length === size;
  const isWhole = fits && sealed.length % BLOCK === 0;
  const length = size ?? unpadded ?? sealed.length;
  return { state: isWhole ? 'whole' : 'damaged', source: new CbcSource(sealed, key, length) };
}

/** The folder of the backup, with `/` at its end unless it is the capture's own. */
export function rootOf({ name }: CaptureFile): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}
