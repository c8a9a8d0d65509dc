import { concatBytes, createSha256, hexEncode } from '@custody/bytes';
import type { ZipPieces } from './stored-zip.ts';

/** What a file of an exhibit holds: bytes, or what makes them piece by piece, each time the same. */
export type Content = Uint8Array | ZipPieces;

export function piecesOf(content: Content): ZipPieces {
  return content instanceof Uint8Array ? () => [content] : content;
}

export function bytesOf(content: Content): Uint8Array {
  return content instanceof Uint8Array ? content : concatBytes([...content()]);
}

/** Length in bytes, and SHA-256 as hex. */
export function measureContent(content: Content): { readonly length: number; readonly sha256: string } {
  const hash = createSha256();
  let length = 0;
  for (const piece of piecesOf(content)()) {
    hash.update(piece);
    length += piece.length;
  }
  return { length, sha256: hexEncode(hash.digest()) };
}
