import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import { attachmentText, bodyText, isoTime, partyKey, partyLabel } from './item-text.ts';
import type { PageParagraph } from './page-images.ts';

/** Characters of a text that are set on pages, some 60 pages: the whole stands in the load file. */
export const MOST_PAGE_TEXT = 200_000;
/** Characters that one paragraph can hold. */
const PARAGRAPH = 10_000;
const SMALL = { size: 8, grey: true } as const;

/** An item as a document: what the load file says of it, for paper. A withheld field is named as withheld. */
export function itemPage(one: ExchangeItem, { exhibitRef, origin }: ExchangeHeader): PageParagraph[] {
  const { item, index, leaf, capture, withheld } = one;
  const shown = (field: string, text: string) => (withheld.includes(field) ? '[withheld]' : text);
  const party = (one: { type: string; value: string; display?: string }) =>
    partyLabel(one) === one.value ? partyKey(one) : `${partyKey(one)} (${partyLabel(one)})`;
  const at = isoTime(item.sentAt);
  const lines: [string, string][] = [
    ['From', shown('sender', item.sender === null ? '' : party(item.sender))],
    ['To', shown('recipients', (item.recipients ?? []).map(party).join('; '))],
    ['Sent', shown('sentAt', item.sentAt === null ? '' : `${at ?? 'UTC unknown'} · as found: ${item.sentAt.raw}`)],
    ['Conversation', shown('conversation', item.conversation ?? '')],
    ['Message ID', shown('messageId', item.messageId ?? '')],
    ['Refers to', shown('refs', item.refs.map(({ rel, id }) => `${rel} ${id}`).join('; '))],
  ];
  return [
    { text: `Item ${index} · ${item.kind} · ${item.platform}`, style: { size: 11, bold: true } },
    ...lines
      .filter(([, text]) => text !== '')
      .map(([name, text]) => ({ text: `${name}: ${text}`, style: { size: 9 } })),
    ...textOf(shown('body', bodyText(one) ?? '')),
    ...item.attachments.map((file) => ({ text: `Attachment: ${attachmentText(file)}`, style: { size: 8 } })),
    ...(withheld.length === 0 ? [] : [{ text: `Withheld: ${withheld.join(', ')}`, style: { size: 9, bold: true } }]),
    { text: `${exhibitRef === null ? '' : `${exhibitRef} · `}${origin} · leaf ${leaf}`, style: SMALL },
    { text: `capture SHA-256 ${capture}`, style: SMALL },
  ];
}

function textOf(text: string): PageParagraph[] {
  const cut = text.length > MOST_PAGE_TEXT ? text.slice(0, MOST_PAGE_TEXT) : text;
  const parts = cut.match(new RegExp(`[^]{1,${PARAGRAPH}}(?![\\uDC00-\\uDFFF])`, 'g')) ?? [];
  const paragraphs: PageParagraph[] = parts.map((part) => ({ text: part, style: { size: 10.5, indent: 12 } }));
  if (cut.length === text.length) return paragraphs;
  return [
    ...paragraphs,
    { text: `[cut here: ${text.length} characters in all, see TEXT]`, style: { size: 9, bold: true } },
  ];
}
