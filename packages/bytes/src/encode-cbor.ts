import type { CborValue } from './cbor-value.ts';
import { CborWriter } from './cbor-writer.ts';

/** Above this the shared buffer is let go again, so that one large value does not stay in memory. */
const KEEP = 1 << 20;

let writer: CborWriter = new CborWriter(1024);

/**
 * Deterministic CBOR of `value` (RFC 8949 4.2.1: shortest integers and floats, definite lengths, keys in bytewise order
 * of their encoding; a float that is a safe integer is written as an integer). Throws what CborWriter.value throws.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const encoded = writer.reset().value(value).view().slice();
  if (encoded.length > KEEP) writer = new CborWriter(1024);
  return encoded;
}
