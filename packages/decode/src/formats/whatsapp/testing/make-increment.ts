import { makeCrypt15, makeZip } from './make-backup.ts';

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
/** A field of a message: a number, a text, or what is inside. */
export function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from([...varint(number * 8), ...varint(value)]);
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return message(Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes);
}
export const message = (...fields: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(fields));
/** What is inside, behind its length. */
export const delimited = (bytes: Uint8Array): Uint8Array => message(Uint8Array.from(varint(bytes.length)), bytes);

export const ADA: string = '447700900123@s.whatsapp.net';
export const ME: string = '447700900199@s.whatsapp.net';
export const GROUP: string = '120363000000000042@g.us';

export interface Told {
  readonly id: string;
  readonly chat?: string;
  readonly fromMe?: boolean;
  readonly by?: string;
  readonly content: Uint8Array;
}

export const key = (id: string, { chat = ADA, fromMe = false, by }: Partial<Told> = {}): Uint8Array =>
  message(field(1, chat), field(2, fromMe ? 1 : 0), field(3, id), ...(by === undefined ? [] : [field(4, by)]));
export const told = (one: Told): Uint8Array =>
  message(field(1, key(one.id, one)), field(2, one.content), field(3, 1_700_000_000), field(19, 'Ada'));
export const chat = (jid: string, ...infos: readonly Uint8Array[]): Uint8Array =>
  field(2, message(field(1, jid), ...infos.map((info) => field(2, message(field(1, info), field(2, 9))))));

/** An incremental backup around `messages.bin`. */
export const incrementBackup = (messages: Uint8Array): Uint8Array =>
  makeCrypt15(makeZip({ 'messages.bin': messages, 'header.json': Buffer.from('{}') }), { md5: false });
