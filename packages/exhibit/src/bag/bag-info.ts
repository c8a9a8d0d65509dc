import { utf8Encode } from '@custody/bytes';
import type { ExhibitDocument } from '../model.ts';

/** RFC 8493 section 2.1.1. */
export const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** What would end a line of a tag file or be shown as something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/**
 * `bag-info.txt` (RFC 8493 section 2.2.2): a function of the document and its payload, without the time of packing.
 */
export function bagInfo(
  document: ExhibitDocument,
  payload: ReadonlyMap<string, { readonly length: number }>,
): Uint8Array {
  let octets = 0;
  for (const bytes of payload.values()) octets += bytes.length;
  const lines: [string, string | null][] = [
    ['Source-Organization', document.producer],
    ['External-Identifier', document.exhibitRef],
    ['External-Description', `Exhibit of the log ${document.case.origin} at size ${document.size}`],
    ['Bagging-Date', document.asOf.slice(0, 10)],
    ['Bag-Software-Agent', `custody ${document.tool.version}`],
    ['Payload-Oxum', `${octets}.${payload.size}`],
  ];
  const told = lines.filter(([, value]) => value !== null && value.trim() !== '');
  return utf8Encode(told.map(([label, value]) => `${label}: ${(value ?? '').replace(CONTROL, ' ')}\n`).join(''));
}
