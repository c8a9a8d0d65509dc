import { batesNumber } from './bates-number.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeItem } from './exchange-item.ts';
import { attachmentText, bodyText, conversationOf, isoTime, partyKey } from './item-text.ts';

/** Concordance's delimiters: DC4 between fields, thorn around each, registered sign for a line break inside one. */
const FIELD = '\u0014';
const QUALIFIER = '\u00fe';
const NEW_LINE = '\u00ae';
const DELIMITERS = [
  [FIELD, '[U+0014]'],
  [QUALIFIER, '[U+00FE]'],
  [NEW_LINE, '[U+00AE]'],
] as const;
const COLUMNS = [
  ...['BEGBATES', 'ENDBATES', 'CUSTODIAN', 'FROM', 'TO', 'DATESENT', 'TIMESENT', 'DATETIMERAW', 'DOCTYPE'],
  ...['APPLICATION', 'CONVERSATION', 'MESSAGEID', 'TEXT', 'ATTACHMENTS', 'CUSTODYITEM', 'CUSTODYLEAF', 'CAPTURESHA256'],
  'REDACTED',
];

/**
 * Concordance load file (UTF-8 with byte order mark). Each item is a document of one number; its text stands in TEXT.
 * A delimiter that evidence holds itself is named as `[U+00FE]`, so that no text can break the table.
 */
export const concordance: ExchangeFormat = {
  name: 'dat',
  standard: 'Concordance DAT load file, UTF-8',
  async write(items, header, folder) {
    const file = await folder.file('items.dat');
    await file.write(`\ufeff${line(COLUMNS)}`);
    let number = 0;
    for await (const one of items) await file.write(line(cells(one, batesNumber(header.exhibitRef, ++number))));
    await file.close();
    return ['no page images are made, so there is no OPT file: the text of each item stands in the column TEXT'];
  },
};

function cells(one: ExchangeItem, number: string): string[] {
  const { item, index, leaf, capture, withheld } = one;
  const at = isoTime(item.sentAt);
  return [
    ...[number, number, item.owner === null ? '' : partyKey(item.owner)],
    ...[item.sender === null ? '' : partyKey(item.sender), (item.recipients ?? []).map(partyKey).join('; ')],
    ...[at?.slice(0, 10) ?? '', at?.slice(11) ?? '', item.sentAt?.raw ?? '', item.kind, item.platform],
    ...[conversationOf(one) ?? '', item.messageId ?? '', bodyText(one) ?? ''],
    ...[item.attachments.map(attachmentText).join(' | '), String(index), leaf, capture, withheld.join('; ')],
  ];
}

function line(values: readonly string[]): string {
  return `${values.map((value) => `${QUALIFIER}${cell(value)}${QUALIFIER}`).join(FIELD)}\r\n`;
}

function cell(value: string): string {
  let text = value;
  for (const [delimiter, name] of DELIMITERS) text = text.replaceAll(delimiter, name);
  return text.replace(/\r\n|[\r\n]/g, NEW_LINE);
}
