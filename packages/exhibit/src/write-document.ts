import { utf8Encode } from '@custody/bytes';
import type { ExhibitDocument } from './model.ts';

/**
 * `exhibit.json`: a line for each key and for each element of a list, so that a person can page through it and
 * `grep -v '^"pdf":' exhibit.json | sha256sum` is the hash that the pages of the PDF name.
 */
export function writeDocument(document: ExhibitDocument): Uint8Array {
  const lines = Object.entries(document).map(([key, value]) => `"${key}":${valueText(value)}`);
  return utf8Encode(`{\n${lines.join(',\n')}\n}\n`);
}

/** Text that the pages of the PDF carry the SHA-256 of: the document without its line about the PDF. */
export function withoutPdfLine(document: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(document);
  return utf8Encode(text.replace(/^"pdf":.*\n/m, ''));
}

function valueText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((one) => JSON.stringify(one)).join(',\n')}\n]`;
}
