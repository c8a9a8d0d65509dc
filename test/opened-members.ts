import { constants, inflateRawSync, inflateSync, unzipSync, zstdDecompressSync } from 'node:zlib';

/** Longest of what one place opens to. */
const MOST = { maxOutputLength: 16 * 1024 * 1024 };
/** What is cut off is read as far as it goes. */
const CUT = { ...MOST, finishFlush: constants.Z_SYNC_FLUSH };

/** How a compressed stream begins, and what opens it: RFC 1952, RFC 1950 (three levels), RFC 8878, a local file of ZIP. */
const KINDS: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['1f8b08', (bytes) => unzipSync(bytes, CUT)],
  ...['7801', '785e', '789c', '78da'].map((head) => [head, (bytes: Buffer) => inflateSync(bytes, CUT)] as const),
  ['28b52ffd', (bytes) => zstdDecompressSync(bytes, MOST)],
  ['504b0304', openZipMember],
];

/** What a thief who unpacks whatever looks compressed would get out of these bytes. */
export function openedMembers(bytes: Buffer): Buffer[] {
  return KINDS.flatMap(([head, open]) =>
    placesOf(bytes, Buffer.from(head, 'hex')).flatMap((at) => tried(open, bytes, at)),
  );
}

function placesOf(bytes: Buffer, head: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1)) places.push(at);
  return places;
}

function tried(open: (bytes: Buffer) => Buffer, bytes: Buffer, at: number): Buffer[] {
  try {
    return [open(bytes.subarray(at))];
  } catch {
    // Two or three bytes that were there by chance.
    return [];
  }
}

/** APPNOTE 4.3.7: name and extra field stand between header and data. */
function openZipMember(bytes: Buffer): Buffer {
  return inflateRawSync(bytes.subarray(30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)), CUT);
}
