import { sha256Hex, utf8Encode } from '@custody/bytes';
import { type Content, measureContent } from '../content.ts';
import { BAG_INFO_NAME, BAGIT_NAME, PAYLOAD, SUMS_NAME, TAG_SUMS_NAME } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { BAGIT_TEXT, bagInfo } from './bag-info.ts';

/**
 * The members of the ZIP: the payload in `data/`, and the tag files of a bag (RFC 8493), so that `sha256sum -c` compares
 * every file by hand.
 */
export function packBag<T extends Content>(
  document: ExhibitDocument,
  payload: ReadonlyMap<string, T>,
): Map<string, T | Uint8Array> {
  const measured = new Map([...payload].map(([name, content]) => [name, measureContent(content)]));
  const tags: [string, Uint8Array][] = [
    [BAGIT_NAME, utf8Encode(BAGIT_TEXT)],
    [BAG_INFO_NAME, bagInfo(document, measured)],
    [SUMS_NAME, sums([...measured].map(([name, { sha256 }]) => [`${PAYLOAD}${name}`, sha256]))],
  ];
  const tagSums = sums(tags.map(([name, bytes]) => [name, sha256Hex(bytes)]));
  const data = [...payload].map(([name, content]) => [`${PAYLOAD}${name}`, content] as const);
  return new Map<string, T | Uint8Array>([...data, ...tags, [TAG_SUMS_NAME, tagSums]]);
}

function sums(files: readonly (readonly [name: string, sha256: string])[]): Uint8Array {
  const lines = files.map(([name, sum]) => [name, `${sum}  ${name}\n`] as const);
  return utf8Encode(
    lines
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => line)
      .join(''),
  );
}
