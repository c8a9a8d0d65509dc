import { BackupWriter } from '../../matrix/testing/write-keys.ts';
import { ANN, type Conversation, conversation } from '../../matrix/testing/write-room.ts';

/** A Synapse dump as pg_dump writes it, of an invented room; made without any code of the decoder. */

type Row = readonly (string | number | boolean | null)[];
interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export const STORAGE_PASSPHRASE = 'a passphrase of Ann';
export const TOKEN = 'syt_invented_token';

export interface WrittenDump {
  readonly bytes: Buffer;
  readonly room: Conversation;
  readonly backup: BackupWriter;
}

/** `copy`: as `pg_dump` by itself; `insert`: as with `--inserts`; `sqlite`: as `.dump` of the SQLite shell. */
export function writeDump(form: 'copy' | 'insert' | 'sqlite', version = 10): WrittenDump {
  const room = conversation(version);
  const backup = new BackupWriter('ann', STORAGE_PASSPHRASE);
  const text = tablesOf(room, backup).map((table) => (form === 'copy' ? copied(table) : inserted(table, form)));
  const head =
    form === 'sqlite'
      ? 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n'
      : "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n";
  const tail = form === 'sqlite' ? 'COMMIT;\n' : '--\n-- PostgreSQL database dump complete\n--\n\n';
  return { bytes: Buffer.from(`${head}${text.join('\n')}\n${tail}`), room, backup };
}

function tablesOf(room: Conversation, backup: BackupWriter): Table[] {
  const accountData = Object.entries(backup.accountData()).map(
    ([type, content], i): Row => [ANN, type, i, JSON.stringify(content), null],
  );
  const sealed = room.sessions.map(
    (session): Row => [
      ANN,
      session.room_id,
      session.session_id,
      1,
      0,
      0,
      true,
      JSON.stringify(backup.seal({ ...session, session_id: undefined }, session.session_id)),
    ],
  );
  const events = room.events.map(
    ({ id, event }, i): Row => [
      id,
      room.room.room,
      JSON.stringify({ stream_ordering: i + 1 }),
      JSON.stringify(event),
      3,
    ],
  );
  const key = `\\x${room.room.signer.publicKey.toString('hex')}`;
  return [
    table('access_tokens', 'id user_id device_id token', [[1, ANN, 'PHONE', TOKEN]]),
    table('account_data', 'user_id account_data_type stream_id content instance_name', accountData),
    table('devices', 'user_id device_id display_name last_seen ip user_agent hidden', [
      [ANN, 'PHONE', "Ann's\tphone", 1_750_000_000_000, '192.0.2.7', 'Element', false],
    ]),
    table(
      'e2e_room_keys',
      'user_id room_id session_id version first_message_index forwarded_count is_verified session_data',
      sealed,
    ),
    table('e2e_room_keys_versions', 'user_id version algorithm auth_data deleted etag', [
      [ANN, 1, 'm.megolm_backup.v1.curve25519-aes-sha2', JSON.stringify({ public_key: backup.publicKey }), 0, 3],
    ]),
    table('event_json', 'event_id room_id internal_metadata json format_version', events),
    table(
      'event_edges',
      'event_id prev_event_id',
      room.events.slice(1).map(({ id }, i): Row => [id, room.events[i]?.id ?? null]),
    ),
    table('rejections', 'event_id reason last_check', [[room.ids.thread, 'auth_error', '']]),
    table('rooms', 'room_id is_public creator room_version', [[room.room.room, false, ANN, String(room.room.version)]]),
    table('server_signature_keys', 'server_name key_id from_server ts_added_ms verify_key ts_valid_until_ms', [
      ['chat.example', 'ed25519:a_one', 'chat.example', 1, key, 4_000_000_000_000],
    ]),
    table('users', 'name password_hash creation_ts admin', [[ANN, '$2b$12$invented', 1_700_000_000, 0]]),
  ];
}

function table(name: string, columns: string, rows: readonly Row[]): Table {
  return { name, columns: columns.split(' '), rows };
}

function copied({ name, columns, rows }: Table): string {
  const value = (one: Row[number]) => {
    if (one === null) return '\\N';
    if (typeof one === 'boolean') return one ? 't' : 'f';
    return String(one).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
  };
  const lines = rows.map((row) => `${row.map(value).join('\t')}\n`).join('');
  return `CREATE TABLE public.${name} (\n${columns.map((one) => `    ${one} text`).join(',\n')}\n);\n\nCOPY public.${name} (${columns.join(', ')}) FROM stdin;\n${lines}\\.\n`;
}

function inserted({ name, columns, rows }: Table, form: 'insert' | 'sqlite'): string {
  const value = (one: Row[number]) => {
    if (one === null) return 'NULL';
    if (typeof one !== 'string') return String(one);
    if (form === 'sqlite' && one.startsWith('\\x')) return `X'${one.slice(2)}'`;
    return `'${one.replaceAll("'", "''")}'`;
  };
  const lines = rows
    .map((row) => `INSERT INTO ${form === 'insert' ? 'public.' : ''}${name} VALUES (${row.map(value).join(', ')});\n`)
    .join('');
  const create = form === 'insert' ? `public.${name}` : name;
  const typed = columns.map((one) => `    ${one} text`).join(',\n');
  return form === 'insert'
    ? `CREATE TABLE ${create} (\n${typed}\n);\n\n${lines}`
    : `CREATE TABLE ${create}(${columns.map((one) => `${one} TEXT`).join(', ')});\n${lines}`;
}
