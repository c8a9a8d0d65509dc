import { join } from 'node:path';
import { BackupWriter, OutboundSession } from '../../src/formats/matrix/testing/write-keys.ts';
import { ANN, BOB, RoomWriter } from '../../src/formats/matrix/testing/write-room.ts';
import { STORAGE_PASSPHRASE } from '../../src/formats/matrix-synapse/testing/write-dump.ts';
import { CaptureSink, saying } from './capture-sink.ts';
import type { WrittenCapture } from './large-databases.ts';

const ROTATION = 100;

/** Tables as pg_dump copies them. */
class DumpWriter {
  readonly sink: CaptureSink;

  constructor(path: string) {
    this.sink = new CaptureSink(path);
    this.sink.write("--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n");
  }

  table(name: string, columns: string, rows: Iterable<readonly string[]>): void {
    const list = columns.split(' ');
    this.sink.write(`CREATE TABLE public.${name} (\n${list.map((one) => `    ${one} text`).join(',\n')}\n);\n\n`);
    this.sink.write(`COPY public.${name} (${list.join(', ')}) FROM stdin;\n`);
    for (const row of rows)
      this.sink.write(`${row.map((one) => one.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\t')}\n`);
    this.sink.write('\\.\n');
  }

  end(): void {
    this.sink.write('--\n-- PostgreSQL database dump complete\n--\n\n');
    this.sink.end();
  }
}

/** Events up to a size; the sessions they are encrypted with are put into the key backup. */
function* eventRows(dump: DumpWriter, size: number, { room, backup, sessions }: Written): Generator<readonly string[]> {
  let session = new OutboundSession('0');
  for (let i = 0; dump.sink.length < size; i++) {
    if (i % ROTATION === 0) {
      session = new OutboundSession(String(i));
      const algorithm = 'm.megolm.v1.aes-sha2';
      const exported = {
        algorithm,
        session_key: session.exported,
        sender_key: 'c'.repeat(43),
        sender_claimed_keys: {},
      };
      const sealed = JSON.stringify(backup.seal(exported, session.id));
      sessions.push([ANN, room.room, session.id, '1', '0', '0', 't', sealed]);
    }
    const content = { msgtype: 'm.text', body: saying(i, 230) };
    room.encrypt(session, i % 2 ? ANN : BOB, { type: 'm.room.message', content });
    // The last one stays: the next names it.
    for (const { id, event } of room.events.splice(0, room.events.length - 1))
      yield [id, room.room, '{}', JSON.stringify(event), '3'];
  }
  for (const { id, event } of room.events) yield [id, room.room, '{}', JSON.stringify(event), '3'];
}

interface Written {
  readonly room: RoomWriter;
  readonly backup: BackupWriter;
  readonly sessions: string[][];
}

/** A Synapse dump of one encrypted room; a session of Megolm for every hundred messages, kept in the key backup. */
export function largeMatrix(folder: string, size: number): WrittenCapture {
  const path = join(folder, 'synapse.sql');
  const dump = new DumpWriter(path);
  const room = new RoomWriter(10);
  const backup = new BackupWriter('ann', STORAGE_PASSPHRASE);
  room.send(ANN, 'm.room.create', { creator: ANN, room_version: '10' }, { state_key: '' });
  const written = { room, backup, sessions: [] };
  dump.table('event_json', 'event_id room_id internal_metadata json format_version', eventRows(dump, size, written));
  const account = Object.entries(backup.accountData());
  const data = account.map(([type, content], i) => [ANN, type, String(i), JSON.stringify(content), 'x']);
  dump.table('account_data', 'user_id account_data_type stream_id content instance_name', data);
  const columns = 'user_id room_id session_id version first_message_index forwarded_count is_verified session_data';
  dump.table('e2e_room_keys', columns, written.sessions);
  const version = [
    ANN,
    '1',
    'm.megolm_backup.v1.curve25519-aes-sha2',
    JSON.stringify({ public_key: backup.publicKey }),
  ];
  dump.table('e2e_room_keys_versions', 'user_id version algorithm auth_data deleted etag', [[...version, '0', '3']]);
  dump.table('rooms', 'room_id is_public creator room_version', [[room.room, 'f', ANN, '10']]);
  dump.end();
  return { path, keys: [{ for: 'matrix-passphrase', passphrase: STORAGE_PASSPHRASE }] };
}
