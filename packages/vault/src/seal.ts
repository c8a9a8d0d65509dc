import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { releaseBytes, UsageError } from '@custody/bytes';
import { encodeHeader, FILE_KEY_LENGTH } from './age-header.ts';
import { type AgeRecipient, readRecipient } from './age-key.ts';
import { CHUNK, PAYLOAD_NONCE, payloadKey, SEALED_CHUNK, sealChunk, sealedPayloadLength } from './age-payload.ts';
import type { VaultErrorCode } from './errors.ts';
import { wrapFileKey } from './x25519-stanza.ts';

/** `age1…` texts or parsed recipients; texts are parsed once and remembered. */
export type Recipients = readonly (AgeRecipient | string)[];

/** Version line and MAC line of https://age-encryption.org/v1, and one X25519 stanza. */
const FIXED_HEADER = 22 + 48;
const STANZA_LENGTH = 98;
/** A stream is handed on in pieces of this many chunks (1 MiB), so that a consumer makes few calls. */
const CHUNKS_A_PIECE = 16;

interface Opening {
  /** Header and payload nonce. */
  readonly head: Buffer;
  readonly key: KeyObject;
}

function startSeal(recipients: Recipients): Opening {
  if (recipients.length === 0) {
    throw new UsageError<VaultErrorCode>(
      'RECIPIENT_INVALID',
      'Nothing is sealed to nobody: name at least one recipient.',
    );
  }
  const fileKey = randomBytes(FILE_KEY_LENGTH);
  const stanzas = recipients.map((r) => wrapFileKey(fileKey, typeof r === 'string' ? readRecipient(r) : r));
  const key = createSecretKey(fileKey);
  const nonce = randomBytes(PAYLOAD_NONCE);
  return { head: Buffer.concat([encodeHeader(stanzas, key), nonce]), key: payloadKey(key, nonce) };
}

/** Length of `seal(plaintext, recipients)` for a plaintext of `length` bytes. */
export function sealedLength(length: number, recipients: number): number {
  return FIXED_HEADER + recipients * STANZA_LENGTH + sealedPayloadLength(length);
}

/**
 * An age file (https://age-encryption.org/v1) that any one of the recipients opens. Two calls never give the
 * same bytes. Throws UsageError RECIPIENT_INVALID.
 */
export function seal(plaintext: Uint8Array, recipients: Recipients): Uint8Array {
  const { head, key } = startSeal(recipients);
  const bytes = Buffer.allocUnsafeSlow(head.length - PAYLOAD_NONCE + sealedPayloadLength(plaintext.length));
  bytes.set(head);
  sealChunks(key, { plain: plaintext, first: 0, last: true }, { bytes, at: head.length });
  return bytes;
}

interface Run {
  readonly plain: Uint8Array;
  /** Number of the run's first chunk in its payload. */
  readonly first: number;
  /** Whether the payload ends with this run. Other runs are whole chunks. */
  readonly last: boolean;
}

function sealChunks(key: KeyObject, run: Run, out: { bytes: Uint8Array; at: number }): void {
  const count = Math.max(1, Math.ceil(run.plain.length / CHUNK));
  for (let i = 0; i < count; i++) {
    const place = { index: run.first + i, final: run.last && i === count - 1 };
    sealChunk(key, place, run.plain.subarray(i * CHUNK, (i + 1) * CHUNK), out);
  }
}

/**
 * The same as a stream, in memory of a few MiB, in pieces of about 1 MiB. `passing`: a piece holds only until the next
 * one is asked for; then its memory is given back at once.
 */
export async function* sealStream(
  chunks: AsyncIterable<Uint8Array>,
  recipients: Recipients,
  { passing = false }: { readonly passing?: boolean } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, key } = startSeal(recipients);
  yield head;
  const held = new Uint8Array(CHUNK * CHUNKS_A_PIECE);
  let length = 0;
  let first = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      // A full buffer is sealed only when more follows: the last chunk must be known as the last.
      if (length === held.length) {
        const piece = sealPiece(key, { plain: held, first, last: false });
        yield piece;
        if (passing) releaseBytes(piece);
        first += CHUNKS_A_PIECE;
        length = 0;
      }
      const part = chunk.subarray(at, at + held.length - length);
      held.set(part, length);
      length += part.length;
      at += part.length;
    }
  }
  yield sealPiece(key, { plain: held.subarray(0, length), first, last: true });
}

function sealPiece(key: KeyObject, run: Run): Uint8Array {
  const count = Math.max(1, Math.ceil(run.plain.length / CHUNK));
  const bytes = Buffer.allocUnsafeSlow(run.plain.length + count * (SEALED_CHUNK - CHUNK));
  sealChunks(key, run, { bytes, at: 0 });
  return bytes;
}
