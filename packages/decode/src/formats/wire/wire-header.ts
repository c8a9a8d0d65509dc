import { argon2Sync } from 'node:crypto';
import { equalBytes, utf8Encode } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import * as layout from './layout.ts';
import { STREAM_OVERHEAD } from './secret-stream.ts';

export interface WireHeader {
  readonly salt: Uint8Array;
  readonly accountHash: Uint8Array;
  readonly passes: number;
  /** Bytes. */
  readonly memory: number;
}

/** The header, or a word on why there is none that can be used. */
export function readWireHeader(
  source: ByteSource,
): WireHeader | { readonly problem: 'magic' | 'version' | 'cut' | 'cost'; readonly version: number } {
  const bytes = source.read(0, layout.HEADER_LENGTH);
  if (!isWireStart(bytes)) return { problem: 'magic', version: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes.length < layout.SALT_AT ? 0 : view.getUint16(layout.MAGIC.length);
  if (bytes.length >= layout.SALT_AT && version !== layout.VERSION) return { problem: 'version', version };
  if (source.length < layout.HEADER_LENGTH + STREAM_OVERHEAD) return { problem: 'cut', version };
  const passes = view.getUint32(layout.PASSES_AT);
  const memory = view.getUint32(layout.MEMORY_AT);
  const isBounded = passes >= 1 && passes <= layout.MOST_PASSES && memory <= layout.MOST_MEMORY;
  if (!isBounded || memory < layout.LEAST_MEMORY) return { problem: 'cost', version };
  return {
    salt: bytes.slice(layout.SALT_AT, layout.SALT_AT + layout.SALT_LENGTH),
    accountHash: bytes.slice(layout.ACCOUNT_HASH_AT, layout.ACCOUNT_HASH_AT + layout.HASH_LENGTH),
    passes,
    memory,
  };
}

export function isWireStart(bytes: Uint8Array): boolean {
  return bytes.length >= layout.MAGIC.length && equalBytes(bytes.subarray(0, layout.MAGIC.length), layout.MAGIC);
}

/** libsodium's `crypto_pwhash` (Argon2id 1.3, one lane): the key from the password, the account hash from the user's id. */
export function deriveHash({ salt, passes, memory }: WireHeader, text: string): Uint8Array {
  return argon2Sync('argon2id', {
    message: utf8Encode(text),
    nonce: salt,
    parallelism: 1,
    tagLength: layout.HASH_LENGTH,
    memory: Math.floor(memory / 1024),
    passes,
  });
}

/** Whether the header is of the account with this id. */
export function isAccount(header: WireHeader, userId: string): boolean {
  return equalBytes(deriveHash(header, userId), header.accountHash);
}
