import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';

/** Rows and files of an invented backup; written without any code of the decoder. */
export type Step =
  | { readonly sql: string; readonly values?: readonly (string | number | Uint8Array | null)[] }
  | { readonly attachment: number; readonly content: Uint8Array }
  | { readonly sticker: number; readonly content: Uint8Array }
  | { readonly avatar: string; readonly content: Uint8Array }
  | { readonly setting: string; readonly text: string }
  | { readonly preference: string; readonly text?: string }
  | { readonly end: true };

export interface WrittenBackup {
  readonly bytes: Uint8Array;
  /** Where the frame of each step begins, its blob with it, and the end of the file. */
  readonly offsets: readonly number[];
}

export const PASSPHRASE = '000001111122222333334444455555';

function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...out, Number(rest)]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function bytes(field: number, value: Uint8Array | string): Buffer {
  const content = Buffer.from(value as string);
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function parameter(value: string | number | Uint8Array | null): Buffer {
  if (value === null) return number(5, 1);
  if (typeof value === 'string') return bytes(1, value);
  return typeof value === 'number' ? number(2, value) : bytes(4, value);
}

function frameOf(step: Step): Buffer {
  if ('sql' in step)
    return bytes(2, Buffer.concat([bytes(1, step.sql), ...(step.values ?? []).map((one) => bytes(2, parameter(one)))]));
  if ('attachment' in step)
    return bytes(4, Buffer.concat([number(1, step.attachment), number(2, -1), number(3, step.content.length)]));
  if ('sticker' in step) return bytes(8, Buffer.concat([number(1, step.sticker), number(2, step.content.length)]));
  if ('avatar' in step) return bytes(7, Buffer.concat([bytes(1, step.avatar), number(2, step.content.length)]));
  if ('setting' in step) return bytes(9, Buffer.concat([bytes(1, step.setting), bytes(7, step.text)]));
  if ('preference' in step)
    return bytes(3, Buffer.concat([bytes(1, 'file'), bytes(2, step.preference), bytes(3, step.text ?? 'on')]));
  return number(6, 1);
}

function keysOf(passphrase: string, salt: Uint8Array): { cipher: Buffer; mac: Buffer } {
  let hash = createHash('sha512').update(salt).update(passphrase).update(passphrase).digest();
  for (let i = 1; i < 250_000; i++) hash = createHash('sha512').update(hash).update(passphrase).digest();
  const all = Buffer.from(hkdfSync('sha256', hash.subarray(0, 32), '', 'Backup Export', 64));
  return { cipher: all.subarray(0, 32), mac: all.subarray(32) };
}

let known: ReturnType<typeof keysOf> | undefined;
const salt = Buffer.alloc(32, 7);

/** Writes frames one after the other to wherever `put` takes them. The counter begins near its end, so that it wraps. */
export class FrameStream {
  readonly #put: (bytes: Uint8Array) => void;
  readonly #version: number;
  readonly #keys: ReturnType<typeof keysOf>;
  readonly #iv = Buffer.concat([Buffer.from('fffffffa', 'hex'), Buffer.alloc(12, 3)]);
  #counter = 0;

  constructor(put: (bytes: Uint8Array) => void, version: number) {
    known ??= keysOf(PASSPHRASE, salt);
    this.#keys = known;
    this.#put = put;
    this.#version = version;
    const fields = [bytes(1, this.#iv), bytes(2, salt), ...(version > 0 ? [number(3, version)] : [])];
    const header = bytes(1, Buffer.concat(fields));
    put(Buffer.concat([be32(header.length), header]));
  }

  write(step: Step): void {
    const { cipher, mac } = this.#keys;
    const frame = frameOf(step);
    const size = be32(frame.length + 10);
    const plain = this.#version > 0 ? Buffer.concat([size, frame]) : frame;
    const sealed = createCipheriv('aes-256-ctr', cipher, this.#next()).update(plain);
    const tag = createHmac('sha256', mac).update(sealed).digest().subarray(0, 10);
    this.#put(Buffer.concat([...(this.#version > 0 ? [] : [size]), sealed, tag]));
    if (!('content' in step)) return;
    const blobIv = this.#next();
    const blob = createCipheriv('aes-256-ctr', cipher, blobIv).update(step.content);
    this.#put(Buffer.concat([blob, createHmac('sha256', mac).update(blobIv).update(blob).digest().subarray(0, 10)]));
  }

  #next(): Buffer {
    const own = Buffer.from(this.#iv);
    own.writeUInt32BE((this.#iv.readUInt32BE(0) + this.#counter++) % 2 ** 32);
    return own;
  }
}

function be32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

/** Writes a backup of header version 0 or 1. */
export function writeBackup(steps: readonly Step[], version: number): WrittenBackup {
  const out: Uint8Array[] = [];
  const offsets: number[] = [];
  let written = 0;
  const frames = new FrameStream((part) => {
    out.push(part);
    written += part.length;
  }, version);
  for (const step of steps) {
    offsets.push(written);
    frames.write(step);
  }
  return { bytes: new Uint8Array(Buffer.concat(out)), offsets: [...offsets, written] };
}

const RECIPIENT =
  'CREATE TABLE recipient (_id INTEGER PRIMARY KEY, e164 TEXT, aci TEXT, group_id TEXT, system_joined_name TEXT)';
const THREAD = 'CREATE TABLE thread (_id INTEGER PRIMARY KEY, recipient_id INTEGER)';
const MESSAGE =
  'CREATE TABLE message (_id INTEGER PRIMARY KEY, date_sent INTEGER, date_received INTEGER, thread_id INTEGER, ' +
  'from_recipient_id INTEGER, to_recipient_id INTEGER, type INTEGER, body TEXT, quote_id INTEGER, original_message_id INTEGER)';
const ATTACHMENT =
  'CREATE TABLE attachment (_id INTEGER PRIMARY KEY, message_id INTEGER, content_type TEXT, file_name TEXT, data_size INTEGER)';
const REACTION =
  'CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER, author_id INTEGER, emoji TEXT, date_sent INTEGER)';

const CALL =
  'CREATE TABLE call (_id INTEGER PRIMARY KEY, call_id INTEGER, message_id INTEGER, peer INTEGER, type INTEGER, ' +
  'direction INTEGER, event INTEGER, timestamp INTEGER, ringer INTEGER)';
const GROUPS = 'CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT, title TEXT, master_key BLOB)';

const [INCOMING, OUTGOING, MISSED_CALL, GROUP_UPDATE] = [10485780, 10485783, 3, 10485780 + 0x80000];
export const photo: Uint8Array = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) % 256);

/** A conversation with everything that becomes an item, and some that does not. */
export function conversation(): Step[] {
  const row = (table: string, ...values: readonly (string | number | Uint8Array | null)[]): Step => ({
    sql: `INSERT INTO ${table} VALUES (${values.map(() => '?').join(',')})`,
    values,
  });
  const t = 1_750_000_000_000;
  return [
    ...[RECIPIENT, THREAD, MESSAGE, ATTACHMENT, REACTION].map((sql) => ({ sql })),
    ...[CALL, GROUPS, 'CREATE TABLE job_spec (_id INTEGER PRIMARY KEY)'].map((sql) => ({ sql })),
    { sql: 'CREATE TABLE drafts (_id INTEGER PRIMARY KEY, value TEXT, thread_id INTEGER)' },
    row('recipient', 1, '+31655500101', 'aci-1', null, 'Own Name'),
    row('recipient', 2, '+31655500102', 'aci-2', null, 'Ann'),
    row('recipient', 3, null, 'aci-3', null, null),
    row('recipient', 4, null, null, '__group__', null),
    row('thread', 1, 2),
    row('thread', 2, 4),
    row('message', 1, t, t + 9, 1, 2, 1, INCOMING, 'Hello', 0, null),
    row('message', 2, t + 1000, t + 1001, 1, 1, 2, OUTGOING, 'see photo', t, null),
    row('message', 3, t + 2000, t + 2001, 1, 1, 2, OUTGOING, 'see photos', 0, 2),
    row('message', 4, t + 3000, t + 3001, 2, 3, 4, INCOMING, 'in the group', 0, null),
    row('message', 5, t + 4000, t + 4001, 2, 3, 4, GROUP_UPDATE, 'changed', 0, null),
    row('message', 6, t + 5000, t + 5001, 1, 2, 1, MISSED_CALL, null, 0, null),
    row('attachment', 1, 2, 'image/jpeg', 'photo.jpg', 3000),
    { attachment: 1, content: photo },
    row('attachment', 2, 4, 'image/png', null, 10),
    row('reaction', 1, 1, 1, '👍', t + 6000),
    row('drafts', 1, 'not sent', 1),
    row('call', 1, 77, 6, 2, 1, 0, 3, t + 5000, 0),
    row('call', 2, 78, null, 4, 3, 0, 7, t + 7000, 3),
    row('groups', 1, '__group__', 'Walks', new Uint8Array(32).fill(5)),
    row('job_spec', 1),
    { preference: 'theme' },
    { setting: 'account.e164', text: '+31655500101' },
    { avatar: '2', content: new Uint8Array(20) },
    { sticker: 1, content: new Uint8Array(30) },
    { end: true },
  ];
}
