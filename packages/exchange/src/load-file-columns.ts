import type { ExchangeItem } from './exchange-item.ts';
import { attachmentText, bodyText, conversationOf, isoTime, partyKey } from './item-text.ts';

/** Numbers of a document's first and last page; one number where no pages are made. */
export interface DocumentNumbers {
  readonly first: string;
  readonly last: string;
  /** Pages that were made; null where none are. */
  readonly pages: number | null;
}

/** Columns of the load file with what each holds: the data dictionary. */
export const loadFileColumns: readonly (readonly [name: string, meaning: string])[] = [
  ['BEGBATES', 'number of the first page of the document (one document an item); key of the record'],
  ['ENDBATES', 'number of its last page'],
  ['CUSTODIAN', 'type and value of the party whose device or account the capture is of'],
  ['FROM', 'type and value of the sender'],
  ['TO', 'type and value of each recipient, joined by "; "'],
  ['DATESENT', 'date sent, UTC, YYYY-MM-DD; empty where it cannot be told'],
  ['TIMESENT', 'time sent, UTC, HH:MM:SS.mmmZ'],
  ['DATETIMERAW', 'the time as it was found'],
  ['DOCTYPE', 'message, edit, deletion, reaction, call, contact and so on: each is an item of its own'],
  ['APPLICATION', 'platform'],
  ['CONVERSATION', 'conversation, with its platform'],
  ['MESSAGEID', 'identifier that the platform gave'],
  ['TEXT', 'the whole text'],
  [
    'ATTACHMENTS',
    'name, type, size and SHA-256 of each attachment, joined by " | "; the files are not part of this export',
  ],
  ['CUSTODYITEM', 'LeafIndex: the item in the custody log'],
  ['CUSTODYLEAF', 'hash of its leaf: the same in an exhibit'],
  ['CAPTURESHA256', 'SHA-256 of the capture that it was decoded from'],
  ['REDACTED', 'names of the fields that are withheld in whole or in part'],
  ['PGCOUNT', 'number of page images; empty where none were made'],
];

/** Values of these columns for an item. */
export function loadFileCells(one: ExchangeItem, { first, last, pages }: DocumentNumbers): string[] {
  const { item, index, leaf, capture, withheld } = one;
  const at = isoTime(item.sentAt);
  return [
    ...[first, last, item.owner === null ? '' : partyKey(item.owner)],
    ...[item.sender === null ? '' : partyKey(item.sender), (item.recipients ?? []).map(partyKey).join('; ')],
    ...[at?.slice(0, 10) ?? '', at?.slice(11) ?? '', item.sentAt?.raw ?? '', item.kind, item.platform],
    ...[conversationOf(one) ?? '', item.messageId ?? '', bodyText(one) ?? ''],
    ...[item.attachments.map(attachmentText).join(' | '), String(index), leaf, capture, withheld.join('; ')],
    pages === null ? '' : String(pages),
  ];
}
