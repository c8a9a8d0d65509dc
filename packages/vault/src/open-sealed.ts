import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { releaseBytes, UsageError } from '@custody/bytes';
import { type AgeHeader, headerMac, MAX_HEADER, readHeader } from './age-header.ts';
import { type AgeIdentity, readIdentity } from './age-key.ts';
import { CHUNK, openChunk, PAYLOAD_NONCE, payloadKey, payloadShape, SEALED_CHUNK } from './age-payload.ts';
import type { VaultErrorCode } from './errors.ts';
import { sealBroken } from './seal-broken.ts';
import { readX25519Stanza, unwrapFileKey } from './x25519-stanza.ts';

/** Parsed identities or `AGE-SECRET-KEY-1…` texts. */
export type Identities = readonly (AgeIdentity | string)[];

/** Bytes that hold any header we accept together with the payload's nonce. */
export const MAX_HEAD: number = MAX_HEADER + PAYLOAD_NONCE;
/** What a stream holds back before it opens chunks: more than MAX_HEAD and one chunk, so that each round opens some. */
const HELD = MAX_HEAD + 8 * SEALED_CHUNK;

export interface OpenedHeader {
  readonly payloadKey: KeyObject;
  /** Offset of the first sealed chunk. */
  readonly payloadOffset: number;
}

/**
 * Opens the header of an age file from its first bytes (`MAX_HEAD` of them, or the whole file if shorter).
 * Null: the header or nonce goes on beyond `head`.
 * Throws UsageError SEALED_TO_OTHERS, IntegrityError SEAL_BROKEN.
 */
export function tryOpenHeader(head: Uint8Array, identities: Identities): OpenedHeader | null {
  const header = readHeader(head);
  if (header === null) return null;
  const fileKey = createSecretKey(findFileKey(header, identities));
  if (!timingSafeEqual(headerMac(fileKey, header.covered), header.mac)) throw sealBroken('its header was altered');
  const payloadOffset = header.end + PAYLOAD_NONCE;
  if (head.length < payloadOffset) return null;
  return { payloadKey: payloadKey(fileKey, head.subarray(header.end, payloadOffset)), payloadOffset };
}

/** As tryOpenHeader, for a `head` that must hold the whole header: a header that goes on is SEAL_BROKEN. */
export function openSealedHeader(head: Uint8Array, identities: Identities): OpenedHeader {
  if (head.length === 0) throw sealBroken('it is empty, as a destroyed object is');
  const opened = tryOpenHeader(head, identities);
  if (opened === null) throw sealBroken('it ends within its header');
  return opened;
}

/** Every stanza is checked before any is opened, so that a malformed header is malformed for everybody. */
function findFileKey(header: AgeHeader, identities: Identities): Buffer {
  // https://age-encryption.org/v1, "scrypt recipient stanza": it stands alone.
  if (header.stanzas.length > 1 && header.stanzas.some((s) => s.type === 'scrypt')) {
    throw sealBroken('its header mixes a passphrase with other recipients');
  }
  const stanzas = header.stanzas.map(readX25519Stanza).filter((s) => s !== null);
  for (const identity of identities) {
    const parsed = typeof identity === 'string' ? readIdentity(identity) : identity;
    for (const stanza of stanzas) {
      const key = unwrapFileKey(stanza, parsed);
      if (key !== null) return key;
    }
  }
  const count = header.stanzas.length;
  throw new UsageError<VaultErrorCode>(
    'SEALED_TO_OTHERS',
    `Sealed to ${count === 1 ? 'one recipient' : `${count} recipients`}; none of the ${identities.length} identities at hand opens it. Use the identity of somebody it was sealed to.`,
    { detail: { stanzas: count, identities: identities.length } },
  );
}

/**
 * The plaintext of an age file. All of it or none: throws IntegrityError SEAL_BROKEN for any altered, cut or added
 * byte, UsageError SEALED_TO_OTHERS.
 */
export function openSealed(sealed: Uint8Array, identities: Identities): Uint8Array {
  const { payloadKey: key, payloadOffset } = openSealedHeader(sealed.subarray(0, MAX_HEAD), identities);
  const payload = sealed.subarray(payloadOffset);
  const { chunks, length } = payloadShape(payload.length);
  const plain = Buffer.allocUnsafeSlow(length);
  for (let i = 0; i < chunks; i++) {
    const chunk = payload.subarray(i * SEALED_CHUNK, (i + 1) * SEALED_CHUNK);
    const opened = openChunk(key, { index: i, final: i === chunks - 1 }, chunk);
    plain.set(opened, i * CHUNK);
    releaseBytes(opened);
  }
  return plain;
}

/**
 * The plaintext of an age file as a stream, each piece released once its tag verified. The stream is complete only
 * when it ends without an error: a cut file throws at its end. Errors as openSealed.
 */
export async function* openSealedStream(
  chunks: AsyncIterable<Uint8Array>,
  identities: Identities,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Room for a header of any accepted size and, later, for some chunks and one byte that follows them.
  const held = Buffer.allocUnsafeSlow(HELD);
  let length = 0;
  let opened: OpenedHeader | null = null;
  let index = 0;
  let started = false;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + HELD - length);
      held.set(part, length);
      length += part.length;
      at += part.length;
      if (length < HELD) continue;
      opened ??= openSealedHeader(held.subarray(0, MAX_HEAD), identities);
      // A chunk is known not to be the last once a byte follows it.
      let used = started ? 0 : opened.payloadOffset;
      started = true;
      for (; length - used > SEALED_CHUNK; used += SEALED_CHUNK) {
        yield openChunk(opened.payloadKey, { index: index++, final: false }, held.subarray(used, used + SEALED_CHUNK));
      }
      length = held.copy(held, 0, used, length);
    }
  }
  yield* openRest(held.subarray(0, length), { opened, index, identities });
}

/** What is left when a stream has ended: at most HELD bytes, with the header if that was all there was. */
function* openRest(
  rest: Uint8Array,
  state: { opened: OpenedHeader | null; index: number; identities: Identities },
): Generator<Uint8Array, void, undefined> {
  const opened = state.opened ?? openSealedHeader(rest.subarray(0, MAX_HEAD), state.identities);
  let index = state.index;
  let used = state.opened === null ? opened.payloadOffset : 0;
  for (; rest.length - used > SEALED_CHUNK; used += SEALED_CHUNK) {
    yield openChunk(opened.payloadKey, { index: index++, final: false }, rest.subarray(used, used + SEALED_CHUNK));
  }
  yield openChunk(opened.payloadKey, { index, final: true }, rest.subarray(used));
}
