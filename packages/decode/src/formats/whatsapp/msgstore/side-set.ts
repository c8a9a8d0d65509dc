import { columnsOf, integer } from '../../../row-store/columns.ts';
import type { Rowid, SqliteFile, SqliteTable } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import { type MediaColumns, writeNamedFile, writeThumbnail } from './media.ts';
import { writeTime } from './message-head.ts';
import type { WalkRuns } from './row-walk.ts';
import { SideRows } from './side-rows.ts';
import { roleOf } from './table-roles.ts';

/** Message with a membership change; published studies of the app agree on these, the number stays in the fields. */
const MEMBERSHIP_ACTIONS: ReadonlySet<number> = new Set([4, 5, 12, 13, 14, 20]);

export function isMembershipAction(action: number | null): boolean {
  return action !== null && MEMBERSHIP_ACTIONS.has(action);
}

interface Reading {
  /** Column names that `write` uses, so that they are not kept twice. */
  readonly used: readonly string[];
  write(side: SideRows, context: ItemContext): void;
}

/** Side tables whose rows mean more than their columns. All others are kept column by column. */
const readings: Readonly<Record<string, (table: SqliteTable) => Reading>> = {
  message_media: (table) => mediaReading(table),
  message_thumbnail: (table) => {
    const at = table.column('thumbnail') ?? -1;
    return {
      used: ['thumbnail'],
      write: (row, context) => {
        const bytes = row.cursor.blob(at);
        if (bytes !== null && bytes.length > 0) writeThumbnail(context, bytes);
      },
    };
  },
  message_quoted: (table) => refReading(table, 'key_id', 'reply-to'),
  message_revoked: (table) =>
    timedRef(table, { column: 'revoked_key_id', rel: 'deletes', time: 'revoke_timestamp', as: 'deleted' }),
  message_edit_info: (table) =>
    timedRef(table, { column: 'original_key_id', rel: 'edits', time: 'edited_timestamp', as: 'edited' }),
};

function mediaReading(table: SqliteTable): Reading {
  const names = ['file_path', 'media_name', 'mime_type', 'file_length', 'file_size', 'file_hash'] as const;
  const at = columnsOf(table, names);
  const columns: MediaColumns = {
    path: at.file_path,
    name: at.media_name,
    mime: at.mime_type,
    size: at.file_length,
    otherSize: at.file_size,
    hash: at.file_hash,
  };
  return { used: names, write: (row, context) => writeNamedFile(context, row.cursor, columns) };
}

function refReading(table: SqliteTable, column: string, rel: string): Reading {
  const at = table.column(column) ?? -1;
  return {
    used: [column],
    write: (row, { out }) => {
      const id = row.cursor.text(at);
      if (id !== null && id !== '') out.ref(rel, id);
    },
  };
}

function timedRef(table: SqliteTable, names: { column: string; rel: string; time: string; as: string }): Reading {
  const ref = refReading(table, names.column, names.rel);
  const at = table.column(names.time) ?? -1;
  return {
    used: [names.column, names.time],
    write: (row, context) => {
      ref.write(row, context);
      writeTime(context, names.as, { value: row.cursor.int(at), clock: 'device' });
    },
  };
}

/** One side table of a set, with its reading. */
interface Member {
  readonly side: SideRows;
  readonly reading: Reading | null;
  present: boolean;
}

/** The side tables that are read beside one main table. */
export class SideSet {
  readonly #members: readonly Member[];
  readonly #byName: ReadonlyMap<string, Member>;

  constructor(file: SqliteFile, role: 'side' | 'add-on-side', sides: readonly WalkRuns[]) {
    this.#members = sides.flatMap((runs) => {
      const table = file.table(runs.table);
      if (table === null || roleOf(table) !== role) return [];
      const reading = readings[runs.table]?.(table) ?? null;
      return [{ side: new SideRows(table, runs, reading?.used ?? []), reading, present: false }];
    });
    this.#byName = new Map(this.#members.map((member) => [member.side.name, member]));
  }

  /** Goes to the rows of one main row. */
  moveTo(rowid: Rowid): void {
    for (const member of this.#members) member.present = member.side.find(rowid);
  }

  /** No rows: the main row does not own them. */
  clear(): void {
    for (const member of this.#members) member.present = false;
  }

  has(name: string): boolean {
    return this.#byName.get(name)?.present ?? false;
  }

  /** An integer of a side row; null where there is no such row. */
  integer(name: string, column: string): number | null {
    const member = this.#byName.get(name);
    if (member === undefined || !member.present) return null;
    return integer(member.side.cursor, member.side.table.column(column) ?? -1);
  }

  text(name: string, column: string): string | null {
    const member = this.#byName.get(name);
    if (member === undefined || !member.present) return null;
    return member.side.cursor.text(member.side.table.column(column) ?? -1);
  }

  /** All present rows become part of the open item. */
  attach(context: ItemContext): void {
    for (const member of this.#members) {
      if (!member.present) continue;
      member.side.attach(context.out);
      member.reading?.write(member.side, context);
      context.tally.decoded++;
    }
  }
}
