import { CborWriter, compareCborKeys } from '@custody/bytes';
import { CREDENTIALS } from './credentials.ts';
import type { Table } from './tables.ts';

/** Fields of an item that no column holds. A column of that name is shown as `column:NAME`. */
export const OWN_FIELDS = ['author_aci', 'recipient_aci', 'captions', 'type_in_words'] as const;
export type OwnField = (typeof OWN_FIELDS)[number];

/** One field of the items of a table. */
export interface FieldPlace {
  readonly name: string;
  /** The name as a CBOR text. */
  readonly key: Uint8Array;
  /** Column, or -1 for a field that no column holds. */
  readonly column: number;
  readonly isCredential: boolean;
}

/** Where the columns of a table of messages stand: worked out once, asked for with every row. -1: not there. */
export interface MessageColumns {
  readonly id: number;
  readonly sent: number;
  readonly received: number;
  readonly server: number;
  readonly thread: number;
  readonly from: number;
  readonly to: number;
  readonly type: number;
  readonly body: number;
  readonly quote: number;
  readonly original: number;
  readonly reactions: number;
  readonly deleted: number;
  readonly deletedBy: number;
  /** All other columns and the fields of no column, in the order of a deterministic CBOR map. */
  readonly fields: readonly FieldPlace[];
  /** By column: its place in `fields`; -1 where it has none. */
  readonly ranks: Int32Array;
  readonly ownRanks: ReadonlyMap<OwnField, number>;
}

/** Columns that stand elsewhere in an item. */
export const PLACED: ReadonlySet<string> = new Set([
  ...['_id', 'date_sent', 'date', 'date_received', 'date_server', 'thread_id', 'from_recipient_id', 'to_recipient_id'],
  ...['recipient_id', 'address', 'body', 'message_id', 'author_id', 'emoji', 'reaction', 'recipient_ids'],
]);

/** Tables of messages over the years; their row ids are counted apart. */
export const MESSAGE_TABLES: ReadonlySet<string> = new Set(['message', 'mms', 'sms']);

const known = new WeakMap<Table, MessageColumns>();

/** Names changed over the years: the first of these that the table has. */
export function messageColumns(table: Table): MessageColumns {
  let columns = known.get(table);
  if (columns === undefined) {
    columns = readColumns(table);
    known.set(table, columns);
  }
  return columns;
}

function readColumns(table: Table): MessageColumns {
  const at = (...names: readonly string[]) => {
    for (const name of names) {
      const column = table.columns.get(name);
      if (column !== undefined) return column;
    }
    return -1;
  };
  return {
    id: at('_id'),
    sent: at('date_sent', 'date'),
    // Until 2021 `date` was the time of receipt of a row that says when it was sent.
    received: at('date_received', ...(table.columns.has('date_sent') ? ['date'] : [])),
    server: at('date_server'),
    thread: at('thread_id'),
    from: at('from_recipient_id'),
    to: at('to_recipient_id'),
    type: at('type', 'msg_box'),
    body: at('body'),
    quote: at('quote_id'),
    original: at('original_message_id'),
    reactions: at('reactions'),
    deleted: at('remote_deleted'),
    deletedBy: at('deleted_by'),
    ...rankedFields(table),
  };
}

function rankedFields(table: Table): Pick<MessageColumns, 'fields' | 'ranks' | 'ownRanks'> {
  const fields = fieldsOf(table);
  const ranks = new Int32Array(table.names.length).fill(-1);
  for (const [rank, { column }] of fields.entries()) if (column >= 0) ranks[column] = rank;
  const ownRank = (name: OwnField) => fields.findIndex((place) => place.column < 0 && place.name === name);
  return { fields, ranks, ownRanks: new Map(OWN_FIELDS.map((name) => [name, ownRank(name)])) };
}

function fieldsOf({ names, columns }: Table): FieldPlace[] {
  const own = new Set<string>(OWN_FIELDS);
  const places: FieldPlace[] = OWN_FIELDS.map((name) => placeOf(name, -1));
  for (const [column, name] of names.entries()) {
    // A table that names a column twice is no table of SQLite; the last one counts.
    if (PLACED.has(name) || columns.get(name) !== column) continue;
    places.push(placeOf(own.has(name) ? `column:${name}` : name, column));
  }
  return places.sort((a, b) => compareCborKeys(a.name, b.name));
}

function placeOf(name: string, column: number): FieldPlace {
  return { name, key: new CborWriter().text(name).view().slice(), column, isCredential: CREDENTIALS.has(name) };
}
