import { type Content, piecesOf } from './content.ts';
import { StoredZip } from './stored-zip.ts';

/**
 * A ZIP as it is written, members sorted by name and uncompressed: the same exhibit gives the same bytes. Throws UsageError
 * EXHIBIT_TOO_LARGE from 4 GiB.
 */
export function* zipChunks(members: ReadonlyMap<string, Content>): Generator<Uint8Array> {
  const zip = new StoredZip();
  for (const name of [...members.keys()].sort()) yield* zip.member(name, piecesOf(members.get(name) as Content));
  yield* zip.end();
}
