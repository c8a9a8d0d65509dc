import { join } from 'node:path';
import { BackupWriter, OutboundSession } from '../../src/formats/matrix/testing/write-keys.ts';
import { ANN, BOB, RoomWriter } from '../../src/formats/matrix/testing/write-room.ts';
import { STORAGE_PASSPHRASE } from '../../src/formats/matrix-synapse/testing/write-dump.ts';
import { CaptureSink, saying } from './capture-sink.ts';
import type { WrittenCapture } from './large-databases.ts';

const ROTATION = 100;

/** A Synapse dump of one encrypted room; a session of Megolm for every hundred messages, kept in the key backup. */
export function largeMatrix(folder: string, size: number): WrittenCapture {
  const path = join(folder, 'synapse.sql');
  const sink = new CaptureSink(path);
  const room = new RoomWriter(10);
  const backup = new BackupWriter('ann', STORAGE_PASSPHRASE);
  const table = (name: string, columns: string) => {
    const list = columns.split(' ');
    sink.write(`CREATE TABLE public.${name} (\n${list.map((one) => `    ${one} text`).join(',\n')}\n);\n\n`);
    sink.write(`COPY public.${name} (${list.join(', ')}) FROM stdin;\n`);
  };
  const row = (...values: readonly string[]) =>
    sink.write(`${values.map((one) => one.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\t')}\n`);
  sink.write("--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n");
  table('event_json', 'event_id room_id internal_metadata json format_version');
  room.send(ANN, 'm.room.create', { creator: ANN, room_version: '10' }, { state_key: '' });
  const sessions: string[][] = [];
  let session = new OutboundSession('0');
  for (let i = 0; sink.length < size; i++) {
    if (i % ROTATION === 0) {
      session = new OutboundSession(String(i));
      const exported = {
        algorithm: 'm.megolm.v1.aes-sha2',
        session_key: session.exported,
        sender_key: 'c'.repeat(43),
        sender_claimed_keys: {},
        forwarding_curve25519_key_chain: [],
      };
      sessions.push([
        ANN,
        room.room,
        session.id,
        '1',
        '0',
        '0',
        't',
        JSON.stringify(backup.seal(exported, session.id)),
      ]);
    }
    const content = { msgtype: 'm.text', body: saying(i, 230) };
    room.encrypt(session, i % 2 ? ANN : BOB, { type: 'm.room.message', content });
    for (const { id, event } of room.events.splice(0, room.events.length - 1))
      row(id, room.room, '{}', JSON.stringify(event), '3');
  }
  for (const { id, event } of room.events) row(id, room.room, '{}', JSON.stringify(event), '3');
  sink.write('\\.\n');
  table('account_data', 'user_id account_data_type stream_id content instance_name');
  for (const [i, [type, content]] of Object.entries(backup.accountData()).entries())
    row(ANN, type, String(i), JSON.stringify(content), '\\N');
  sink.write('\\.\n');
  table(
    'e2e_room_keys',
    'user_id room_id session_id version first_message_index forwarded_count is_verified session_data',
  );
  for (const one of sessions) row(...one);
  sink.write('\\.\n');
  table('e2e_room_keys_versions', 'user_id version algorithm auth_data deleted etag');
  row(ANN, '1', 'm.megolm_backup.v1.curve25519-aes-sha2', JSON.stringify({ public_key: backup.publicKey }), '0', '3');
  sink.write('\\.\n');
  table('rooms', 'room_id is_public creator room_version');
  row(room.room, 'f', ANN, '10');
  sink.write('\\.\n--\n-- PostgreSQL database dump complete\n--\n\n');
  sink.end();
  return { path, keys: [{ for: 'matrix-passphrase', passphrase: STORAGE_PASSPHRASE }] };
}
