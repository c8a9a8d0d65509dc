import {
  DOCUMENT_NAME,
  type ExhibitDocument,
  OWN_FRAME,
  PAGE_NAME,
  packBag,
  renderPage,
  verifierProgram,
  writeDocument,
} from '@custody/exhibit';

/** Members of the exhibit that shows a document, page and verifier included. */
export function bagOf(document: ExhibitDocument, raw: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return packBag(document, payloadOf(document, raw));
}

/** Its payload alone. */
export function payloadOf(document: ExhibitDocument, raw: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const bytes = writeDocument(document);
  return new Map([
    [DOCUMENT_NAME, bytes],
    [PAGE_NAME, renderPage(bytes, OWN_FRAME)],
    ['checkpoint', new TextEncoder().encode(String(document.checkpoint))],
    ['verify.py', verifierProgram()],
    ...raw,
  ]);
}
