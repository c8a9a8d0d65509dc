import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { partMalformed } from './errors.ts';

/** A part of 4,096 leaves is well below a megabyte unless its bodies are huge; nothing legitimate inflates beyond this. */
const MOST_FRAME_BYTES = 256 * 1024 * 1024;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** RFC 8878 section 3.1.1. */
const ZSTD_MAGIC = 0xfd2fb528;

/** A zstd frame that states its length. */
export function makeFrame(plain: Uint8Array): Uint8Array {
  return zstdCompressSync(plain, { ...LEVEL, chunkSize: plain.length + (plain.length >>> 8) + 1024 });
}

/** The content of one frame. Throws IntegrityError INDEX_PART_MALFORMED; `name` is for its message. */
export function openFrame(frame: Uint8Array, name: string): Uint8Array {
  const length = contentSize(frame);
  if (length === null || length > MOST_FRAME_BYTES) throw partMalformed(`(${name}) states no proper length`);
  try {
    // Room for exactly what the frame states: neither more than it may hold nor piece by piece.
    const plain = zstdDecompressSync(frame, { maxOutputLength: length, chunkSize: Math.max(64, length) });
    if (plain.length === length) return plain;
  } catch (cause) {
    throw partMalformed(`(${name}) does not decompress: ${cause instanceof Error ? cause.message : 'unknown fault'}`);
  }
  throw partMalformed(`(${name}) is shorter than it states`);
}

/** Frame_Content_Size (RFC 8878 section 3.1.1.1) of a frame without a dictionary; null where there is none. */
function contentSize(frame: Uint8Array): number | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (frame.length < 6 || view.getUint32(0, true) !== ZSTD_MAGIC) return null;
  const descriptor = view.getUint8(4);
  const single = (descriptor & 0x20) !== 0;
  const at = single ? 5 : 6;
  const size = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number;
  if ((descriptor & 3) !== 0 || size === 0 || at + size > frame.length) return null;
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true) + 256;
  return size === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
