/** Files of the payload, which lies in `data/` of the bag; every exhibit has these. */
export const DOCUMENT_NAME = 'exhibit.json';
export const PAGE_NAME = 'exhibit.html';
export const CHECKPOINT_NAME = 'checkpoint';
export const VERIFIER_NAME = 'verify.py';
/** Not every exhibit has one. */
export const PDF_NAME = 'exhibit.pdf';

/** Tag files of the bag (RFC 8493 section 2). */
export const PAYLOAD = 'data/';
export const BAGIT_NAME = 'bagit.txt';
export const BAG_INFO_NAME = 'bag-info.txt';
export const SUMS_NAME = 'manifest-sha256.txt';
export const TAG_SUMS_NAME = 'tagmanifest-sha256.txt';

/** File that holds raw record `i` of an item. */
export function rawName(index: number, i: number): string {
  return `raw/${index}-${i}.bin`;
}

/** File of an anchor, the first of which is 1. */
export function anchorName(anchor: number, file: 'checkpoint' | 'token.tsr' | 'authority.pem'): string {
  return `anchors/${anchor}/${file}`;
}

/** File that holds an attachment, by the SHA-256 that its item commits to. */
export function mediaName(sha256: string): string {
  return `media/${sha256}`;
}
