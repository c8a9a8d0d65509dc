import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;
const INNER = 0x36;
const OUTER = 0x5c;

let inner: Buffer = Buffer.alloc(BLOCK + 2048);
const outer = Buffer.alloc(BLOCK + DIGEST);

/**
 * HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes, written to `out[at..at+32)`. A message takes six of them over a few
 * bytes each: in buffers that are used again they cost half of what they cost otherwise. `data` may be part of `out`.
 */
export function shortHmac(key: Uint8Array, data: Uint8Array, out: Uint8Array, at = 0): void {
  const length = BLOCK + data.length;
  if (inner.length < length) inner = Buffer.alloc(2 * length);
  for (let i = 0; i < BLOCK; i++) {
    const byte = i < key.length ? (key[i] as number) : 0;
    inner[i] = byte ^ INNER;
    outer[i] = byte ^ OUTER;
  }
  inner.set(data, BLOCK);
  write(hash('sha256', inner.subarray(0, length), 'binary'), outer, BLOCK);
  write(hash('sha256', outer, 'binary'), out, at);
}

function write(digest: string, out: Uint8Array, at: number): void {
  for (let i = 0; i < DIGEST; i++) out[at + i] = digest.charCodeAt(i);
}
