import type { Authentication, BatchWriter } from '@custody/evidence';
import type { Unit, UnitDecoder, UnitResult } from '../../../format.ts';
import type { RowCursor, Rowid, SqliteFile, SqliteTable } from '../../../sqlite/index.ts';
import { AddOnWriter } from './add-on-writer.ts';
import type { TablePart } from './census.ts';
import { Directory } from './directory.ts';
import { ItemContext } from './item-context.ts';
import { LegacyWriter } from './legacy-writer.ts';
import type { MediaFolder } from './media-folder.ts';
import { MessageWriter } from './message-writer.ts';
import { orphanWriter } from './orphan-writer.ts';
import { ownWriter, type RowWriter } from './own-rows.ts';
import { RowWalk, type WalkRuns } from './row-walk.ts';
import { SideSet } from './side-set.ts';
import { ADD_ON_TABLE } from './table-roles.ts';

/** What units share, from the census. */
export interface StoreState {
  readonly sides: readonly WalkRuns[];
  readonly current: WalkRuns | null;
  readonly owner: string | null;
  /** Rows that the units together must decode. */
  readonly rows: number;
  /** Media files under another name than messages state. */
  readonly renamed: ReadonlyMap<string, string>;
}

export interface StoreOptions {
  readonly authentication: Authentication;
  readonly media: MediaFolder;
}

/** Decodes the units of a message store. */
export class StoreDecoder implements UnitDecoder {
  readonly #file: SqliteFile;
  readonly #state: StoreState;
  readonly #options: StoreOptions;
  readonly #names: Directory;

  constructor(file: SqliteFile, state: StoreState, options: StoreOptions) {
    this.#file = file;
    this.#state = state;
    this.#options = options;
    this.#names = new Directory(file);
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const context = new ItemContext(out, {
      file: this.#file,
      names: this.#names,
      owner: this.#state.owner,
      ...this.#options,
    });
    for (const part of unit.state as readonly TablePart[]) {
      const table = this.#file.table(part.table);
      if (table === null) throw new Error(`unit ${unit.index} names a table that the plan did not find`);
      const write = this.#writer(table, part);
      const cursor = table.scan({ leaves: part.pages });
      while (cursor.next()) write(cursor, context);
    }
    const { decoded } = context.tally;
    return { counts: { records: decoded, decoded, lost: 0, notCovered: 0 }, summary: context.tally };
  }

  close(): void {}

  #writer(table: SqliteTable, part: TablePart): RowWriter {
    const name = table.name.toLowerCase();
    if (part.role === 'orphans') return orphanWriter(table, part.only);
    if (name === 'messages_quotes') return rows(new LegacyWriter(table, null, () => true));
    if (name === ADD_ON_TABLE) return rows(new AddOnWriter(table, this.#sides('add-on-side')));
    if (part.role === 'own') return ownWriter(table);
    if (name === 'message') return rows(new MessageWriter(table, this.#sides('side')));
    return rows(new LegacyWriter(table, this.#sides('side'), this.#inCurrent()));
  }

  #sides(role: 'side' | 'add-on-side'): SideSet {
    return new SideSet(this.#file, role, this.#state.sides);
  }

  /** Whether the new main table has a row; rowids asked for ascend. */
  #inCurrent(): (rowid: Rowid) => boolean {
    const { current } = this.#state;
    const table = current === null ? null : this.#file.table(current.table);
    if (current === null || table === null) return () => false;
    const walk = new RowWalk(table, current);
    return (rowid) => walk.find(rowid);
  }
}

function rows(writer: { write(row: RowCursor, context: ItemContext): void }): RowWriter {
  return (row, context) => writer.write(row, context);
}
