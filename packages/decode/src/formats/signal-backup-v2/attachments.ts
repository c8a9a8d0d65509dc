import { hexEncode } from '@custody/bytes';
import type { Attachment } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import type { ItemContext, Place } from './item-context.ts';
import { mediaKeyOf } from './media-names.ts';
import { textOf } from './people.ts';
import type { Message, Value } from './schema/read-message.ts';
import { count } from './tally.ts';

/** The app cuts texts at 2 KiB and keeps the whole as a file of up to 64 KiB. */
const LONGEST_TEXT = 1024 * 1024;

/** Pointers to files in the content of a message, in the order of its fields; the text of a long message is apart. */
export function pointersOf(content: Message): Message[] {
  const found: (Value | undefined)[] = [];
  for (const one of listOf(content.attachments)) found.push(one.pointer);
  found.push((content.attachment as Message | undefined)?.pointer);
  found.push((content.sticker as Message | undefined)?.data, (content.contact as Message | undefined)?.avatar);
  for (const one of listOf(content.linkPreview)) found.push(one.image);
  for (const one of listOf((content.quote as Message | undefined)?.attachments))
    found.push((one.thumbnail as Message | undefined)?.pointer);
  return found.filter((one) => one !== undefined) as Message[];
}

export function listOf(value: Value | undefined): readonly Message[] {
  return Array.isArray(value) ? (value as readonly Message[]) : [];
}

/** What a pointer says, and whether its file is there, authenticates and is what the pointer says. */
export function attachmentOf(context: ItemContext, pointer: Message): Attachment & { readonly damaged: boolean } {
  const { size, plaintextHash } = (pointer.locatorInfo ?? {}) as Message;
  const key = mediaKeyOf(pointer);
  const state = key === null ? 'never' : (context.media?.state(key) ?? 'elsewhere');
  count(context.tally.files, state);
  return {
    name: textOf(pointer.fileName),
    mime: textOf(pointer.contentType),
    size: typeof size === 'number' ? size : null,
    sha256: plaintextHash instanceof Uint8Array && plaintextHash.length === 32 ? hexEncode(plaintextHash) : null,
    present: state === 'present',
    damaged: state === 'damaged',
  };
}

/** Writes the attachments of an item that is open; those whose content is damaged are told to the caller. */
export function writeAttachments(context: ItemContext, pointers: readonly Message[]): number {
  let damaged = 0;
  for (const pointer of pointers) {
    const { damaged: isDamaged, ...attachment } = attachmentOf(context, pointer);
    if (isDamaged) damaged++;
    context.out.attachment(attachment);
  }
  return damaged;
}

export function tellDamaged(context: ItemContext, { locator }: Place, damaged: number): void {
  if (damaged === 0) return;
  const detail = `${damaged} file(s) of this message are in the backup, but do not authenticate or are not what the message describes: they are not used.`;
  context.out.finding(finding('UNIT_UNVERIFIED', locator, { records: damaged, detail }));
}

/** The whole text of a long message, from its file; null where the file is not there or not whole. */
export function longTextOf(context: ItemContext, pointer: Value | undefined): Uint8Array | null {
  const key = pointer === undefined ? null : mediaKeyOf(pointer as Message);
  return key === null ? null : (context.media?.content(key, LONGEST_TEXT) ?? null);
}
