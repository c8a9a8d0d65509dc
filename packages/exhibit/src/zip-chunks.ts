import { StoredZip } from './stored-zip.ts';

/**
 * A ZIP as it is written, members sorted by name and uncompressed: the same exhibit gives the same bytes. Throws UsageError
 * EXHIBIT_TOO_LARGE from 4 GiB.
 */
export function* zipChunks(members: ReadonlyMap<string, Uint8Array>): Generator<Uint8Array> {
  const zip = new StoredZip();
  for (const name of [...members.keys()].sort()) yield* zip.member(name, () => [members.get(name) as Uint8Array]);
  yield* zip.end();
}
