import { createDecipheriv, createHash, createSecretKey } from 'node:crypto';
import { equalBytes } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import type { Container } from './container.ts';
import { MD5_LENGTH, TAG_LENGTH } from './layout.ts';
import type { PlaintextSink } from './plaintext-sink.ts';

const CHUNK = 1024 * 1024;

/** Whether an MD5 follows the tag. Backups of several files have none: their tag is the last 16 bytes. */
export type Ending = 'tag-md5' | 'tag';

export interface PassResult {
  readonly tagVerified: boolean;
  /** Null where the file has no room for an MD5, or the pass was not asked to look. */
  readonly md5Matches: boolean | null;
}

/** Decrypts the ciphertext once into `sink`; the tag is known only at the end. */
export async function decryptPass(
  source: ByteSource,
  container: Container,
  options: { key: Uint8Array; ending: Ending; sink: PlaintextSink; progress?: (done: number) => void },
): Promise<PassResult> {
  const trailer = TAG_LENGTH + (options.ending === 'tag-md5' ? MD5_LENGTH : 0);
  const end = container.end - trailer;
  if (end < container.start) return { tagVerified: false, md5Matches: null };
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(options.key), container.iv);
  const tail = source.read(end, trailer);
  decipher.setAuthTag(tail.subarray(0, TAG_LENGTH));
  const md5 = options.ending === 'tag-md5' ? createHash('md5') : null;
  md5?.update(source.read(0, container.start));
  for (let at = container.start; at < end; ) {
    const chunk = source.read(at, Math.min(CHUNK, end - at));
    if (chunk.length === 0) break;
    md5?.update(chunk);
    await options.sink.write(decipher.update(chunk));
    at += chunk.length;
    options.progress?.(at);
  }
  await options.sink.finish();
  md5?.update(tail.subarray(0, TAG_LENGTH));
  return {
    tagVerified: verifies(decipher),
    md5Matches: md5 === null ? null : equalBytes(md5.digest(), tail.subarray(TAG_LENGTH)),
  };
}

function verifies(decipher: { final(): Uint8Array }): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    // node:crypto has no code for a tag that does not verify; final() of GCM fails for no other reason.
    return false;
  }
}
