import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { looksLikeChecksums, readChecksums } from './checksum-list.ts';
import { fileHash } from './file-hash.ts';
import { looksLikeManifest, readManifestFile, type StatedFile } from './stated-file.ts';

/** Ours: of more files only the number is told. */
const MOST_TOLD = 1000;
/** Files that say how to read or what to expect of others: a lab puts them beside a delivery, BagIt (RFC 8493) names its own. */
const BESIDE = /(^|\/)(table\.json|[^/]*\.(profile|table)\.json|bagit\.txt|bag-info\.txt|(tag)?manifest-[^/]*\.txt)$/i;
const LISTS = /manifest|sha-?256|checksum|hash/i;
const HEAD = 64 * 1024;

/** What is told of files that no manifest of the delivery lists, and of lists that name them: which are copies of which. */
export function unlistedFiles(manifest: CaptureFile, stated: readonly StatedFile[]): Finding[] {
  const { folder, name } = manifest;
  if (folder === undefined) return [];
  const parent = name.slice(0, name.lastIndexOf('/') + 1);
  const lists = folder.names.filter((path) => path === name || isList(manifest, path));
  // Each manifest sees the same folder: the first tells, save of what stands above it.
  const above = lists.filter((path) => name.startsWith(path.slice(0, path.lastIndexOf('/') + 1)));
  if (above.sort()[0] !== name) return [];
  const listed = new Set(lists.flatMap((path) => listedBy(manifest, path)));
  const unlisted = folder.names.filter(
    (path) => path.startsWith(parent) && !listed.has(path) && !lists.includes(path) && !BESIDE.test(path),
  );
  const copies = new CopyFinder(manifest, stated);
  const told = unlisted.slice(0, MOST_TOLD).map((path) => {
    const detail = `the delivery has this file, and its manifest ${name} does not list it${copies.of(path)}`;
    return finding('CONFLICTING_COPIES', path, { records: null, detail });
  });
  if (unlisted.length === told.length) return told;
  const detail = `${unlisted.length - told.length} more files stand in the delivery that its manifest does not list`;
  return [...told, finding('CONFLICTING_COPIES', name, { records: null, detail })];
}

function isList({ folder }: CaptureFile, path: string): boolean {
  if (!LISTS.test(path.slice(path.lastIndexOf('/') + 1))) return false;
  const head = folder?.open(path)?.read(0, HEAD);
  return head !== undefined && (looksLikeManifest(head) || looksLikeChecksums(head));
}

function listedBy({ folder }: CaptureFile, path: string): string[] {
  const source = folder?.open(path) ?? null;
  if (source === null) return [];
  const stated = looksLikeManifest(source.read(0, HEAD)) ? readManifestFile(source) : readChecksums(source);
  const parent = path.slice(0, path.lastIndexOf('/') + 1);
  return typeof stated === 'string' ? [] : stated.flatMap(({ file }) => [parent + file, file]);
}

/** Says of a file whose bytes it has: those of a listed file, or those that the manifest states of one that is gone. */
class CopyFinder {
  readonly #manifest: CaptureFile;
  readonly #stated: readonly StatedFile[];
  readonly #hashes = new Map<string, string>();

  constructor(manifest: CaptureFile, stated: readonly StatedFile[]) {
    this.#manifest = manifest;
    this.#stated = stated;
  }

  of(path: string): string {
    const { folder } = this.#manifest;
    const source = folder?.open(path) ?? null;
    if (source === null || source.length === 0) return '';
    const parent = this.#manifest.name.slice(0, this.#manifest.name.lastIndexOf('/') + 1);
    for (const { file, sha256 } of this.#stated) {
      const other = folder?.open(parent + file) ?? folder?.open(file) ?? null;
      if (other === null) {
        if (sha256?.toLowerCase() === this.#hash(path))
          return `: its bytes are those stated of ${file}, which is not there`;
      } else if (other.length === source.length && this.#hash(parent + file) === this.#hash(path)) {
        return `: it is byte for byte ${file} under another name`;
      }
    }
    return '';
  }

  #hash(path: string): string {
    let known = this.#hashes.get(path);
    if (known === undefined) {
      const source = this.#manifest.folder?.open(path) ?? null;
      known = source === null ? '' : fileHash(source);
      this.#hashes.set(path, known);
    }
    return known;
  }
}
