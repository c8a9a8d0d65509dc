import type { ByteSource } from '../../byte-source.ts';
import { csvRows } from './csv-rows.ts';
import { isIdentity, type People } from './people.ts';
import type { TableFile } from './plan-state.ts';
import { TableHeader, TableRow } from './table-row.ts';

/** Rows of a table below its header; those that are no rows of it are left out here and reported where they are decoded. */
export function* tableRows(table: TableFile, source: ByteSource): Generator<TableRow> {
  const header = new TableHeader(table.header);
  let isFirst = table.kind.kind !== 'settings';
  for (const csv of csvRows(source)) {
    if (!isFirst && csv.fields?.length === header.names.length) yield new TableRow(csv, csv.fields, header);
    isFirst = false;
  }
}

/** Takes names out of the tables of contacts, groups and distribution lists. */
export function gatherPeople(people: People, table: TableFile, source: ByteSource): void {
  if (table.kind.kind !== 'table') return;
  if (table.kind.table === 'contacts') for (const row of tableRows(table, source)) contact(people, row);
  else if (table.kind.table === 'groups') for (const row of tableRows(table, source)) group(people, row);
  else if (table.kind.table === 'lists') {
    for (const row of tableRows(table, source)) {
      const id = row.text('id');
      if (id !== null) people.lists.set(id, row.text('distribution_list_name') ?? '');
    }
  }
}

function contact(people: People, row: TableRow): void {
  const identity = row.text('identity');
  if (identity === null) return;
  const name = [row.text('firstname'), row.text('lastname')].filter((part) => part !== null).join(' ');
  const shown = name === '' ? row.text('nick_name') : name;
  people.names.set(identity, shown ?? '');
  if (shown === null) people.names.delete(identity);
  const id = row.text('identity_id');
  if (id !== null) people.identities.set(id, identity);
}

function group(people: People, row: TableRow): void {
  const id = row.text('id');
  const creator = row.text('creator');
  if (id === null) return;
  const one = { value: creator === null ? id : `${creator}-${id}`, name: row.text('groupname') };
  // Before version 19 files were named by id and creator.
  for (const key of [row.text('group_uid'), creator === null ? null : `${id}-${creator}`]) {
    if (key !== null) people.groups.set(key, one);
  }
}

/**
 * The account's Threema ID: the only one that is a member of groups and no contact (the app keeps every other member as a
 * contact). Null where that names none or several.
 */
export function ownerOf(
  people: People,
  tables: readonly TableFile[],
  open: (table: TableFile) => ByteSource,
): string | null {
  const contacts = new Set<string>();
  const members = new Set<string>();
  for (const table of tables) {
    if (table.kind.kind !== 'table') continue;
    const of = table.kind.table;
    if (of !== 'contacts' && of !== 'groups') continue;
    for (const row of tableRows(table, open(table))) {
      if (of === 'contacts') contacts.add(row.text('identity') ?? '');
      else for (const member of membersOf(row.text('members'))) members.add(member);
    }
  }
  if (contacts.size === 0) return people.owner;
  const [only, ...more] = [...members].filter((member) => !contacts.has(member));
  return only !== undefined && more.length === 0 ? only : null;
}

/** Threema IDs in a list with semicolons between. */
export function membersOf(text: string | null): readonly string[] {
  return (text ?? '').split(';').filter((member) => isIdentity(member));
}
