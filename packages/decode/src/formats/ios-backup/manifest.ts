import type { Authentication } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit, UnitDecoder } from '../../format.ts';
import { planRows, type RowPlan } from '../../row-store/plan-rows.ts';
import { RowDecoder } from '../../row-store/row-decoder.ts';
import { newTally } from '../../row-store/row-tally.ts';
import { openSqlite, type RowCursor, type Rowid, type SqliteFile, type SqliteTable } from '../../sqlite/index.ts';
import { type BackupEntry, readEntry } from './backup-entry.ts';
import type { BackupFiles } from './backup-files.ts';
import { writeEntry } from './entry-writer.ts';
import { fileIdOf, MBDB_HEADER, readMbdbRecord } from './mbdb.ts';

/** The list of a backup's files, in either of its forms. */
export interface Manifest {
  plan(): RowPlan;
  decoder(files: BackupFiles, authentication: Authentication): UnitDecoder;
  /** The entry of a file by where it stood on the device. */
  find(domain: string, path: string): BackupEntry | null;
  /** Names of all files that hold content. */
  fileIds(): Iterable<string>;
}

/** Manifest.db, since iOS 10. */
export class DatabaseManifest implements Manifest {
  readonly #file: SqliteFile;
  readonly #path: string;
  readonly #table: SqliteTable | null;
  #rows: Map<string, Rowid> | null = null;

  /** Throws FormatError where it is no database. */
  constructor(source: ByteSource, path: string) {
    this.#file = openSqlite(source, { path });
    this.#path = path;
    this.#table = this.#file.table('Files');
  }

  get hasFiles(): boolean {
    return this.#table?.column('fileID') != null;
  }

  plan(): RowPlan {
    return planRows(this.#file, this.#path, (table) => table === this.#table);
  }

  decoder(files: BackupFiles, authentication: Authentication): UnitDecoder {
    return new RowDecoder(this.#file, (table) => (row, sink) => {
      const place = { locator: row.locator(), raw: row.record() };
      writeEntry(entryOf(row, table), place, { ...sink, files, authentication });
    });
  }

  find(domain: string, path: string): BackupEntry | null {
    const rowid = this.#index().get(fileIdOf(domain, path));
    const cursor = this.#table?.scan();
    return rowid === undefined || cursor?.seek(rowid) !== true ? null : entryOf(cursor, this.#table as SqliteTable);
  }

  fileIds(): Iterable<string> {
    return this.#index().keys();
  }

  #index(): Map<string, Rowid> {
    if (this.#rows !== null) return this.#rows;
    this.#rows = new Map();
    const cursor = this.#table?.scan();
    const at = this.#table?.column('fileID') ?? -1;
    while (cursor?.next() === true) {
      const id = cursor.text(at);
      if (id !== null) this.#rows.set(id, cursor.rowid);
    }
    return this.#rows;
  }
}

function entryOf(row: RowCursor, table: SqliteTable): BackupEntry {
  const at = (name: string): number => table.column(name) ?? -1;
  const flags = row.int(at('flags'));
  return readEntry({
    fileId: row.text(at('fileID')) ?? '',
    domain: row.text(at('domain')) ?? '',
    path: row.text(at('relativePath')) ?? '',
    flags: typeof flags === 'number' ? flags : null,
    file: row.blob(at('file')),
  });
}

const RECORDS_A_UNIT = 4000;

/** Manifest.mbdb, before iOS 10: records one after the other. */
export class RecordManifest implements Manifest {
  readonly #bytes: Uint8Array;
  readonly #path: string;
  #offsets: Map<string, number> | null = null;

  constructor(source: ByteSource, path: string) {
    this.#bytes = source.read(0, source.length);
    this.#path = path;
  }

  plan(): RowPlan {
    const units: Unit[] = [];
    let at = MBDB_HEADER;
    let rows = 0;
    for (let from = at, count = 0; ; ) {
      const record = readMbdbRecord(this.#bytes, at);
      if (record !== null) {
        at = record.end;
        rows++;
        count++;
      }
      if (count > 0 && (record === null || count === RECORDS_A_UNIT)) {
        units.push({ index: units.length, records: count, state: { from, to: at } });
        from = at;
        count = 0;
      }
      if (record === null) break;
    }
    const left = this.#bytes.length - at;
    const locator = { path: this.#path, offset: at, length: left, row: null };
    const detail = `${left} bytes of the manifest are no record: what they list is not known.`;
    const cut = { code: 'TRUNCATED', class: 'lost', records: null, locator, related: [], detail } as const;
    return { units, rows, findings: left > 0 ? [cut] : [] };
  }

  decoder(files: BackupFiles, authentication: Authentication): UnitDecoder {
    return {
      decode: (unit, out) => {
        const { from, to } = unit.state as { readonly from: number; readonly to: number };
        const tally = newTally();
        for (let at = from; at < to; ) {
          const record = readMbdbRecord(this.#bytes, at);
          if (record === null) throw new Error('a record that was counted is there');
          const locator = { path: this.#path, offset: at, length: record.end - at, row: null };
          const place = { locator, raw: this.#bytes.subarray(at, record.end) };
          writeEntry(record.entry, place, { out, tally, files, authentication });
          tally.decoded++;
          at = record.end;
        }
        const { decoded } = tally;
        return { counts: { records: decoded, decoded, lost: 0, notCovered: 0 }, summary: tally };
      },
      close: () => {},
    };
  }

  find(domain: string, path: string): BackupEntry | null {
    const offset = this.#index().get(fileIdOf(domain, path));
    return offset === undefined ? null : (readMbdbRecord(this.#bytes, offset)?.entry ?? null);
  }

  fileIds(): Iterable<string> {
    return this.#index().keys();
  }

  #index(): Map<string, number> {
    if (this.#offsets !== null) return this.#offsets;
    this.#offsets = new Map();
    for (let at = MBDB_HEADER; ; ) {
      const record = readMbdbRecord(this.#bytes, at);
      if (record === null) return this.#offsets;
      this.#offsets.set(record.entry.fileId, at);
      at = record.end;
    }
  }
}
