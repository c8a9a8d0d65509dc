import { sha256Hex } from '@custody/bytes';
import { type DisclosedField, valueOfField } from '@custody/chain';
import { type Attachment, decodeAttachments, itemSlot } from '@custody/evidence';
import { type Content, mediaName } from '@custody/exhibit';

/** Longest attachment that is looked for inside a record. */
const ATTACHMENT_MAX = 64 * 1024 ** 2;
/** Places of a record that are tried: an attachment is nearly the whole of it, or not in it. */
const MOST_PLACES = 4096;

/**
 * Puts the attachments that raw records hold into the payload and names their files. An attachment is found by the
 * SHA-256 that the item commits to, so it cannot be another; one that lies elsewhere stays a hash.
 */
export function attachmentFiles(
  fields: readonly DisclosedField[],
  raw: readonly Uint8Array[],
  payload: Map<string, Content>,
): string[] {
  const field = fields[itemSlot.attachments - 1];
  const value = field === undefined ? null : valueOfField(field);
  if (value === null || value === undefined) return [];
  const names = new Set<string>();
  for (const one of decodeAttachments(value)) {
    const bytes = one.present ? attachmentIn(one, raw) : null;
    if (bytes === null || one.sha256 === null) continue;
    payload.set(mediaName(one.sha256), bytes);
    names.add(mediaName(one.sha256));
  }
  return [...names];
}

function attachmentIn({ size, sha256 }: Attachment, raw: readonly Uint8Array[]): Uint8Array | null {
  if (size === null || sha256 === null || size === 0 || size > ATTACHMENT_MAX) return null;
  for (const record of raw) {
    const last = Math.min(record.length - size, MOST_PLACES);
    // From the end: the formats that keep a file inside a record keep it last.
    for (let back = 0; back <= last; back++) {
      const start = record.length - size - back;
      const bytes = record.subarray(start, start + size);
      if (sha256Hex(bytes) === sha256) return bytes;
    }
  }
  return null;
}
