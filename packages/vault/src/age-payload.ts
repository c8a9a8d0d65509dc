import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { releaseBytes } from '@custody/bytes';
import { sealBroken } from './seal-broken.ts';

/** https://age-encryption.org/v1, "Payload": STREAM over ChaCha20-Poly1305 in chunks of 64 KiB. */
export const CHUNK = 65536;
export const TAG = 16;
export const SEALED_CHUNK: number = CHUNK + TAG;
/** Same: the payload begins with this many random bytes, the salt of its key. */
export const PAYLOAD_NONCE = 16;
/** Same: the STREAM nonce is an 11-byte big-endian counter and one byte, 1 on the final chunk. */
const NONCE = 12;
const FINAL_FLAG = 11;

export function payloadKey(fileKey: KeyObject, nonce: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32)));
}

/** Six of the counter's bytes hold any chunk number that a file of countable length has (2^53 bytes). */
function chunkNonce(index: number, final: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE);
  nonce.writeUIntBE(index, FINAL_FLAG - 6, 6);
  nonce[FINAL_FLAG] = final ? 1 : 0;
  return nonce;
}

/** Which chunk of a payload, and whether it is the last. */
export interface ChunkPlace {
  readonly index: number;
  readonly final: boolean;
}

/** Seals one chunk of at most CHUNK bytes into `out` at `at`; returns the offset after it. */
export function sealChunk(
  key: KeyObject,
  place: ChunkPlace,
  plain: Uint8Array,
  out: { bytes: Uint8Array; at: number },
): void {
  const nonce = chunkNonce(place.index, place.final);
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG });
  const sealed = cipher.update(plain);
  out.bytes.set(sealed, out.at);
  releaseBytes(sealed);
  cipher.final();
  out.bytes.set(cipher.getAuthTag(), out.at + plain.length);
  out.at += plain.length + TAG;
}

/** Opens one sealed chunk, into memory of its own. Nothing is released unless its tag verified: throws IntegrityError SEAL_BROKEN. */
export function openChunk(key: KeyObject, place: ChunkPlace, sealed: Uint8Array): Buffer {
  const size = sealed.length - TAG;
  if (size < 0) throw sealBroken('its last chunk is cut');
  // "Payload": only a payload of no bytes at all ends in an empty chunk.
  if (size === 0 && place.index > 0) throw sealBroken('it ends in an empty chunk');
  const decipher = createDecipheriv('chacha20-poly1305', key, chunkNonce(place.index, place.final), {
    authTagLength: TAG,
  });
  decipher.setAuthTag(sealed.subarray(size));
  const plain = decipher.update(sealed.subarray(0, size));
  try {
    decipher.final();
  } catch (cause) {
    const where = place.final ? `its last chunk (${place.index})` : `chunk ${place.index}`;
    throw sealBroken(`${where} does not verify`, cause);
  }
  return plain;
}

/** How a payload of `sealed` bytes (after the nonce) divides. Throws SEAL_BROKEN where no plaintext has that length. */
export function payloadShape(sealed: number): { readonly chunks: number; readonly length: number } {
  const chunks = Math.ceil(sealed / SEALED_CHUNK);
  const length = sealed - chunks * TAG;
  if (chunks < 1 || length < (chunks - 1) * CHUNK) throw sealBroken('its payload is cut');
  if (chunks > 1 && length === (chunks - 1) * CHUNK) throw sealBroken('it ends in an empty chunk');
  return { chunks, length };
}

/** Bytes of payload, with nonce, for a plaintext of `length` bytes. */
export function sealedPayloadLength(length: number): number {
  return PAYLOAD_NONCE + length + Math.max(1, Math.ceil(length / CHUNK)) * TAG;
}
