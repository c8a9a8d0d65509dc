import { createHash } from 'node:crypto';
import type { Message, Value } from './schema/read-message.ts';

/** Locators of a file in a backup folder: its key is 32 bytes for AES-256 and 32 for HMAC. */
export interface MediaKey {
  readonly name: string;
  readonly localKey: Uint8Array;
  readonly plaintextHash: Uint8Array;
  readonly size: number;
}

const KEY_LENGTH = 64;
const HASH_LENGTH = 32;

/** Where the file of a pointer stands in the folder, and its key; null where the file never was on the device. */
export function mediaKeyOf(pointer: Message): MediaKey | null {
  const { localKey, plaintextHash, size } = (pointer.locatorInfo ?? {}) as Message;
  if (!(localKey instanceof Uint8Array) || localKey.length !== KEY_LENGTH) return null;
  if (!(plaintextHash instanceof Uint8Array) || plaintextHash.length !== HASH_LENGTH) return null;
  const name = createHash('sha256').update(plaintextHash).update(localKey).digest('hex');
  return { name, localKey, plaintextHash, size: typeof size === 'number' ? size : 0 };
}

/** Names of the files that any pointer inside a message leads to. */
export function* mediaNamesIn(value: Value): Generator<string> {
  if (typeof value !== 'object' || value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const one of value as readonly Value[]) yield* mediaNamesIn(one);
    return;
  }
  const message = value as Message;
  const key = message.locatorInfo === undefined ? null : mediaKeyOf(message);
  if (key !== null) yield key.name;
  for (const one of Object.values(message)) if (one !== undefined) yield* mediaNamesIn(one);
}
