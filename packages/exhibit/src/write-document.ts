import { concatBytes, utf8Encode } from '@custody/bytes';
import type { ExhibitDocument } from './model.ts';

/** Characters gathered before they are encoded. */
const BATCH = 512 * 1024;

/**
 * `exhibit.json`: a line for each key and for each element of a list, so that a person can page through it and
 * `grep -v '^"pdf":' exhibit.json | sha256sum` is the hash that the pages of the PDF name.
 */
export function writeDocument(document: ExhibitDocument): Uint8Array {
  return concatBytes([...documentPieces(document)]);
}

/** The same piece by piece. */
export function documentPieces(document: ExhibitDocument): Generator<Uint8Array> {
  return encoded(lines(document));
}

/** Text that the pages of the PDF carry the SHA-256 of: the document without its line about the PDF. */
export function piecesWithoutPdfLine(document: ExhibitDocument): Generator<Uint8Array> {
  return encoded(lines(document, 'pdf'));
}

function* lines(document: ExhibitDocument, without?: string): Generator<string> {
  yield '{\n';
  const entries = Object.entries(document);
  for (const [i, [key, value]] of entries.entries()) {
    if (key === without) continue;
    yield `"${key}":`;
    if (Array.isArray(value) && value.length > 0) {
      for (const [at, one] of value.entries()) yield `${at === 0 ? '[\n' : ',\n'}${JSON.stringify(one)}`;
      yield '\n]';
    } else yield JSON.stringify(value);
    yield i + 1 < entries.length ? ',\n' : '\n';
  }
  yield '}\n';
}

function* encoded(texts: Iterable<string>): Generator<Uint8Array> {
  let waiting: string[] = [];
  let length = 0;
  for (const text of texts) {
    waiting.push(text);
    length += text.length;
    if (length < BATCH) continue;
    yield utf8Encode(waiting.join(''));
    waiting = [];
    length = 0;
  }
  yield utf8Encode(waiting.join(''));
}
