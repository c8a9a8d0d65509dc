import type { DecodeContext } from '../../format.ts';
import type { ScratchHandle } from '../../scratch.ts';
import { type InflateEnd, Inflater } from '../whatsapp/inflater.ts';
import { OUTPUT_LIMITS } from '../whatsapp/plaintext-sink.ts';
import type { MessageKeys } from './backup-keys.ts';
import type { Container } from './container.ts';
import { decrypted } from './sealed-file.ts';

/** The inflated frames of a backup in scratch, and how inflating ended. */
export interface Opened {
  readonly end: InflateEnd;
  readonly limitReached: boolean;
  readonly length: number;
  /** Null where nothing came out. */
  readonly handle: ScratchHandle | null;
  discard(): void;
}

/**
 * Decrypts and inflates into scratch, piece by piece. What comes out is not authenticated by this: that is the caller's
 * to do. Small pieces get more out in front of a place that cannot be inflated.
 */
export async function openContent(
  container: Container,
  keys: MessageKeys,
  options: { readonly context: DecodeContext; readonly end: number; readonly piece?: number },
): Promise<Opened> {
  const { context, end, piece } = options;
  const file = context.scratch.create();
  let taken = 0;
  let limitReached = false;
  const inflater = new Inflater('gzip', (bytes) => {
    const most = Math.min(OUTPUT_LIMITS.bytes, OUTPUT_LIMITS.free + taken * OUTPUT_LIMITS.ratio);
    limitReached = file.length + bytes.length > most;
    if (limitReached) return false;
    file.append(bytes);
    return true;
  });
  try {
    for (const { bytes, done } of decrypted(container, keys, { end, ...(piece !== undefined && { piece }) })) {
      taken += bytes.length;
      await inflater.write(bytes);
      if (inflater.ended !== null) break;
      context.progress?.((container.source.length + done) / 2, container.source.length);
    }
    const how = await inflater.end();
    const length = file.length;
    const handle = length === 0 ? null : file.finish();
    return { end: how, limitReached, length, handle, discard: () => file.discard() };
  } catch (error) {
    inflater.destroy();
    file.discard();
    throw error;
  }
}
