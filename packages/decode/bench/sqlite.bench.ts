/**
 * Microseconds a row, one core: `node --conditions=source packages/decode/bench/sqlite.bench.ts`. A table of 500,000
 * messages with ten columns, made by SQLite; processor time, the best of several rounds, so that a busy machine
 * disturbs little.
 */
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ByteSource } from '../src/byte-source.ts';
import { openSqlite, type SqliteTable } from '../src/sqlite/index.ts';

const ROWS = 500_000;
const ROUNDS = 5;

function make(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  db.exec(`CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INT, from_me INT, key_id TEXT, sender_jid_row_id INT,
    status INT, timestamp INT, received_timestamp INT, message_type INT, text_data TEXT)`);
  db.exec('CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, mime TEXT); BEGIN');
  const insert = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const media = db.prepare('INSERT INTO message_media VALUES (?, ?)');
  for (let i = 1; i <= ROWS; i++) {
    const id = `3EB0${(i * 2654435761).toString(16).toUpperCase().padStart(16, '0')}`;
    const time = 1_700_000_000_000 + i * 911;
    insert.run(i, i % 97, i % 2, id, i % 50, 5, time, time + 400, 0, 'message text of a usual length '.repeat(i % 6));
    if (i % 5 === 0) media.run(i, 'image/jpeg');
  }
  db.exec('COMMIT');
  db.close();
}

function fileSource(path: string): ByteSource & { close(): void } {
  const file = openSync(path, 'r');
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  };
  return { length: fstatSync(file).size, read, close: () => closeSync(file) };
}

/** Three integers and one text as bytes of each row. */
function scan(table: SqliteTable): number {
  const [chat, time, kind, text] = ['chat_row_id', 'timestamp', 'message_type', 'text_data'].map(
    (name) => table.column(name)!,
  );
  const cursor = table.scan();
  let sum = 0;
  while (cursor.next()) {
    const span = cursor.textBytes(text!);
    sum += Number(cursor.int(chat!)) + Number(cursor.int(time!)) + Number(cursor.int(kind!));
    sum += span === null ? 0 : span.end - span.start;
  }
  return sum;
}

function merge(table: SqliteTable, side: SqliteTable): number {
  const cursor = table.scan();
  const other = side.scan();
  let found = 0;
  while (cursor.next()) if (other.seek(cursor.rowid)) found += other.textBytes(1)!.end > 0 ? 1 : 0;
  return found;
}

function measure(run: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / ROWS);
  }
  return Number(best.toFixed(3));
}

const folder = mkdtempSync(join(tmpdir(), 'custody-sqlite-'));
const path = join(folder, 'bench.db');
make(path);
const source = fileSource(path);
const file = openSqlite(source, { path: 'bench.db' });
const message = file.table('message')!;
console.log(`${cpus()[0]?.model}, Node ${process.version}, ${ROWS} rows, ${source.length} bytes`);
console.table({
  'scan, three ints and a text as bytes': { 'µs a row': measure(() => scan(message)) },
  'leaf runs of 4,000': { 'µs a row': measure(() => message.leafRuns().runs.length) },
  'scan with a side table sought row by row': {
    'µs a row': measure(() => merge(message, file.table('message_media')!)),
  },
  'count of what was not examined': { 'µs a row': measure(() => file.unexamined(['message']).bytes) },
});
source.close();
rmSync(folder, { recursive: true });
