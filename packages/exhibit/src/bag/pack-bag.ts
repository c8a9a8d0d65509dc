import { sha256Hex, utf8Encode } from '@custody/bytes';
import { BAG_INFO_NAME, BAGIT_NAME, PAYLOAD, SUMS_NAME, TAG_SUMS_NAME } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { BAGIT_TEXT, bagInfo } from './bag-info.ts';

/**
 * The members of the ZIP: the payload in `data/`, and the tag files of a bag (RFC 8493), so that `sha256sum -c` compares
 * every file by hand.
 */
export function packBag(document: ExhibitDocument, payload: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const data = [...payload].map(([name, bytes]) => [`${PAYLOAD}${name}`, bytes] as const);
  const tags: [string, Uint8Array][] = [
    [BAGIT_NAME, utf8Encode(BAGIT_TEXT)],
    [BAG_INFO_NAME, bagInfo(document, payload)],
    [SUMS_NAME, sums(data)],
  ];
  return new Map([...data, ...tags, [TAG_SUMS_NAME, sums(tags)]]);
}

function sums(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Uint8Array {
  const lines = files.map(([name, bytes]) => [name, `${sha256Hex(bytes)}  ${name}\n`] as const);
  return utf8Encode(
    lines
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => line)
      .join(''),
  );
}
