import { createDecipheriv, hkdfSync } from 'node:crypto';
import { hexDecode, hexEncode, utf8Encode } from '@custody/bytes';
import * as layout from './layout.ts';

/** Raw keys of one file, as they go from thread to thread inside this process. */
export interface MessageKeys {
  /** HMAC-SHA256. */
  readonly mac: Uint8Array;
  /** AES-256. */
  readonly cipher: Uint8Array;
}

const NO_SALT = new Uint8Array(0);

/**
 * The account entropy pool: 64 characters. As the app shows it, in capitals and groups of four, `#` stands for the letter
 * O and `=` for the digit 0. Null for anything else.
 */
export function readEntropyPool(text: string): string | null {
  // "=" is a sign of the key's own, so that a label ends in a colon here.
  return poolIn(text) ?? poolIn(text.replace(/^\ufeff?[^:]{1,40}:/, ''));
}

function poolIn(text: string): string | null {
  const pool = text
    .replace(/[\s-]+/g, '')
    .toLowerCase()
    .replaceAll('#', 'o')
    .replaceAll('=', '0');
  return pool.length === layout.ENTROPY_LENGTH && /^[0-9a-z]+$/.test(pool) ? pool : null;
}

/** 16 bytes of a service id, from its text; null for anything else. */
export function readServiceId(text: string): Uint8Array | null {
  const hex = text.trim().toLowerCase().replace(/^aci:/, '');
  return /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/.test(hex) ? hexDecode(hex.replaceAll('-', '')) : null;
}

export function showServiceId(id: Uint8Array): string {
  const hex = hexEncode(id);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function backupKeyOf(entropyPool: string): Uint8Array {
  return derive(utf8Encode(entropyPool), NO_SALT, layout.BACKUP_KEY_INFO, layout.BACKUP_KEY_LENGTH);
}

/** Of an account, where its service id is known. */
export function backupIdOfAccount(backupKey: Uint8Array, aci: Uint8Array): Uint8Array {
  return derive(backupKey, NO_SALT, [layout.BACKUP_ID_INFO, aci], layout.BACKUP_ID_LENGTH);
}

/** Of a local backup, whose file `metadata` holds it encrypted. Nothing authenticates it: a wrong key gives another id. */
export function backupIdOfMetadata(backupKey: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const key = derive(backupKey, NO_SALT, layout.LOCAL_METADATA_KEY_INFO, 32);
  const counter = new Uint8Array(layout.AES_BLOCK);
  counter.set(iv);
  return new Uint8Array(createDecipheriv('aes-256-ctr', key, counter).update(encrypted));
}

/** Keys of the frames; `token` is the forward-secrecy token of a remote backup that has one. */
export function messageKeysOf(backupKey: Uint8Array, backupId: Uint8Array, token: Uint8Array | null): MessageKeys {
  const info = token === null ? layout.MESSAGE_KEY_INFO : layout.TOKEN_MESSAGE_KEY_INFO;
  const both = derive(backupKey, token ?? NO_SALT, [info, backupId], 64);
  return { mac: both.slice(0, 32), cipher: both.slice(32) };
}

/** HKDF-SHA256 (RFC 5869). */
function derive(
  key: Uint8Array,
  salt: Uint8Array,
  info: string | readonly [string, Uint8Array],
  length: number,
): Uint8Array {
  const [text, tail] = typeof info === 'string' ? [info, NO_SALT] : info;
  return new Uint8Array(hkdfSync('sha256', key, salt, Buffer.concat([utf8Encode(text), tail]), length));
}
