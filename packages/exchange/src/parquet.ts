import type { Attachment, Locator, Party, Ref } from '@custody/evidence';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeItem } from './exchange-item.ts';
import type { ExchangeFinding, ExchangeMention, ExchangeTables } from './exchange-tables.ts';
import { bodyText, sentMs } from './item-text.ts';
import { flag, list, real, type TableColumn, text, time, whole } from './parquet-columns.ts';
import { writeParquetTable } from './parquet-table.ts';

const partyColumns: readonly TableColumn<Party>[] = [
  text('type', ({ type }) => type),
  text('value', ({ value }) => value),
  text('name', ({ display }) => display ?? null),
];

const attachmentColumns: readonly TableColumn<Attachment>[] = [
  text('name', ({ name }) => name),
  text('mime', ({ mime }) => mime),
  whole('size', ({ size }) => size),
  text('sha256', ({ sha256 }) => sha256),
  flag('present', ({ present }) => present),
];

const refColumns: readonly TableColumn<Ref>[] = [text('rel', ({ rel }) => rel), text('id', ({ id }) => id)];

function locatorColumns<Row>(locatorOf: (row: Row) => Locator | null): TableColumn<Row>[] {
  return [
    text('locator_path', (row) => locatorOf(row)?.path ?? null),
    whole('locator_offset', (row) => locatorOf(row)?.offset ?? null),
    whole('locator_length', (row) => locatorOf(row)?.length ?? null),
    whole('locator_row', (row) => locatorOf(row)?.row ?? null),
  ];
}

function onePartyColumns(
  prefix: string,
  partyOf: (one: ExchangeItem) => Party | null,
): readonly TableColumn<ExchangeItem>[] {
  return [
    text(`${prefix}_type`, (one) => partyOf(one)?.type ?? null),
    text(`${prefix}_value`, (one) => partyOf(one)?.value ?? null),
    text(`${prefix}_name`, (one) => partyOf(one)?.display ?? null),
  ];
}

/** Names are no key words of SQL, so that no query needs quotes. */
const itemColumns: readonly TableColumn<ExchangeItem>[] = [
  whole('item', ({ index }) => index),
  text('leaf', ({ leaf }) => leaf),
  text('capture', ({ capture }) => capture),
  text('kind', ({ item }) => item.kind),
  text('platform', ({ item }) => item.platform),
  text('message_id', ({ item }) => item.messageId),
  text('conversation', ({ item }) => item.conversation),
  text('direction', ({ item }) => item.direction),
  time('sent_at', sentMs),
  text('sent_raw', ({ item }) => item.sentAt?.raw ?? null),
  text('sent_zone', ({ item }) => item.sentAt?.zone ?? null),
  text('sent_precision', ({ item }) => item.sentAt?.precision ?? null),
  text('sent_clock', ({ item }) => item.sentAt?.clock ?? null),
  ...onePartyColumns('sender', ({ item }) => item.sender),
  ...onePartyColumns('owner', ({ item }) => item.owner),
  list('recipients', partyColumns, ({ item }) => item.recipients ?? []),
  text('body', bodyText),
  list('attachments', attachmentColumns, ({ item }) => item.attachments),
  list('refs', refColumns, ({ item }) => item.refs),
  text('authentication_mechanism', ({ item }) => item.authentication?.mechanism ?? null),
  text('authentication_result', ({ item }) => item.authentication?.result ?? null),
  text('authentication_proves', ({ item }) => item.authentication?.proves ?? null),
  ...locatorColumns<ExchangeItem>(({ item }) => item.locator),
];

const AMOUNTS: ReadonlySet<string> = new Set(['money', 'mass', 'count']);

/** Unit and number of `EUR 431000`, `103.5 kg`, `30500000 pill`. */
function amountOf({ type, value }: ExchangeMention): { readonly unit: string; readonly number: number } | null {
  const space = value.indexOf(' ');
  if (!AMOUNTS.has(type) || space < 0) return null;
  const parts = [value.slice(0, space), value.slice(space + 1)] as const;
  const [number, unit] = type === 'money' ? [parts[1], parts[0]] : parts;
  return /^-?\d+(\.\d+)?$/.test(number) ? { unit, number: Number(number) } : null;
}

const mentionColumns: readonly TableColumn<ExchangeMention>[] = [
  whole('item', ({ index }) => index),
  text('class', (one) => one.class),
  text('type', ({ type }) => type),
  text('value', ({ value }) => value),
  real('amount', (one) => amountOf(one)?.number ?? null),
  text('unit', (one) => amountOf(one)?.unit ?? null),
  text('place', ({ where }) => where),
  text('tier', ({ tier }) => tier),
  flag('alternative', ({ alternative }) => alternative),
  whole('start_byte', ({ start }) => start),
  whole('end_byte', ({ end }) => end),
];

const findingColumns: readonly TableColumn<ExchangeFinding>[] = [
  whole('finding', ({ index }) => index),
  text('leaf', ({ leaf }) => leaf),
  text('capture', ({ capture }) => capture),
  text('code', ({ finding }) => finding.code),
  text('class', ({ finding }) => finding.class),
  whole('records', ({ finding }) => finding.records),
  text('detail', ({ finding }) => finding.detail),
  ...locatorColumns<ExchangeFinding>(({ finding }) => finding.locator),
];

const FEW = 100;

/**
 * Three Parquet files for DuckDB, Spark, Trino: items, the mentions in them, the findings of their captures. Text stays
 * text: nothing in a Parquet string is run.
 */
export const parquet: ExchangeFormat = {
  name: 'parquet',
  standard: 'Apache Parquet 2 tables (zstd): items, mentions, findings',
  async write(items, _header, folder) {
    await writeParquetTable(folder, 'items.parquet', {
      columns: itemColumns,
      rows: items,
      sizeOf: ({ item }) => (item.body?.length ?? 0) + FEW,
    });
    return [
      'a body that is not UTF-8 has U+FFFD where bytes could not be read; start_byte and end_byte count bytes as found',
      'amount is a rounded number for sums and comparisons; value has the exact decimal',
    ];
  },
  async writeTables({ mentions, findings }: ExchangeTables, folder) {
    const sizeOf = () => FEW;
    await writeParquetTable(folder, 'mentions.parquet', { columns: mentionColumns, rows: mentions, sizeOf });
    await writeParquetTable(folder, 'findings.parquet', { columns: findingColumns, rows: findings, sizeOf });
    return [];
  },
};
