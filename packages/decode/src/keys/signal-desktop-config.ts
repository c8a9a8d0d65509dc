import { readHexKey } from './key-material.ts';

/** Length of the raw key of Signal Desktop's database. */
const KEY_LENGTH = 32;

/** What a `config.json` of Signal Desktop holds: its key, or `wrapped` where the computer's key store keeps it; null: no such file. */
export function readSignalDesktopConfig(json: Readonly<Record<string, unknown>>): Uint8Array | 'wrapped' | null {
  if (typeof json.key === 'string') return readHexKey(json.key, KEY_LENGTH);
  return typeof json.encryptedKey === 'string' ? 'wrapped' : null;
}
