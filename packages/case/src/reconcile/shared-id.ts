import { sha256Hex } from '@custody/bytes';
import type { Item } from '@custody/evidence';

/**
 * Platforms where one message has one id on every device and server (WhatsApp key.id and ZSTANZAID, Matrix event id,
 * Threema apiMessageId, Wire nonce, Message-ID of RFC 5322): two ids are two messages.
 */
const SAME_EVERYWHERE: ReadonlySet<string> = new Set(['whatsapp', 'matrix', 'threema', 'wire', 'mail']);
const KINDS: ReadonlySet<string> = new Set(['message', 'call', 'location', 'edit', 'deletion']);

/** What is the same in each copy of a message, whoever its parties are called there. */
export interface SharedId {
  readonly key: string;
  /** Another id is another message. */
  readonly isExact: boolean;
}

/**
 * Null where the platform has no such id. Signal has none: the sender's clock, to the millisecond, and the text. iMessage
 * has one among devices of one account; an SMS has another on each side, so two ids may be one message.
 */
export function sharedId({ kind, platform, messageId, sentAt, body }: Item): SharedId | null {
  if (!KINDS.has(kind)) return null;
  if (platform === 'signal') {
    if (kind !== 'message' || sentAt?.utc == null || sentAt.precision !== 'ms' || body === null) return null;
    return { key: `signal ${sentAt.utc} ${sha256Hex(body)}`, isExact: false };
  }
  if (messageId === null) return null;
  if (platform === 'imessage') return { key: `imessage ${messageId}`, isExact: false };
  return SAME_EVERYWHERE.has(platform) ? { key: `${platform} ${messageId}`, isExact: true } : null;
}

/** Platform and text: for exports that name neither ids nor numbers, where time must decide. */
export function textKey({ kind, platform, body }: Item): string | null {
  return kind !== 'message' || body === null || body.length === 0 ? null : `${platform} ${sha256Hex(body)}`;
}
