import { utf8DecodeLossy } from '@custody/bytes';
import type { Keyring, SuppliedKey } from '../../keyring.ts';
import { readHexKey } from '../../keys/key-material.ts';
import { PUBLIC_KEY_LENGTH } from './ed25519.ts';
import { looksLikeKeyExport } from './key-export.ts';
import { looseBase64 } from './loose-base64.ts';
import { readRecoveryKey } from './recovery-key.ts';

/** A supplied file of sessions, locked or in clear. */
export interface SessionFile {
  readonly bytes: Uint8Array;
  readonly passphrase: string | null;
  readonly source: string;
}

/** 32 bytes, or a passphrase. `user`: whose it is, where the keyring says so. */
export interface SuppliedSecret {
  readonly value: Uint8Array | string;
  readonly user: string | null;
  readonly source: string;
}

/** Supplied keys by what can be done with them. */
export interface SuppliedMaterial {
  readonly exports: readonly SessionFile[];
  readonly lists: readonly SessionFile[];
  readonly secrets: readonly SuppliedSecret[];
  /** Passphrases of exported key files that were supplied apart from them. */
  readonly exportPassphrases: readonly string[];
  /** Public keys of servers by `server\nkey id`: better than those in a dump, which its maker chose. */
  readonly servers: ReadonlyMap<string, Uint8Array>;
  /** Sources of recovery keys whose parity is wrong. */
  readonly mistyped: readonly string[];
}

const LONGEST_TEXT = 1024;
const SERVER_KEY = 'matrix-server-key';
const EXPORT = 'matrix-key-export';

/**
 * What the keyring holds for Matrix: purposes that begin with `matrix`, and files of unknown purpose that are recognised. A text
 * is a recovery key where it reads as one, a key in base64 where it has 32 bytes, else a passphrase.
 */
export function suppliedMaterial({ keys }: Keyring): SuppliedMaterial {
  const found = {
    exports: [] as SessionFile[],
    lists: [] as SessionFile[],
    secrets: [] as SuppliedSecret[],
    mistyped: [] as string[],
    exportPassphrases: [] as string[],
  };
  const servers = new Map<string, Uint8Array>();
  for (const key of keys) {
    const ours = key.for.startsWith('matrix') || key.for.startsWith('synapse');
    if (!ours && key.for !== 'file') continue;
    if (key.for === SERVER_KEY) addServer(servers, key);
    else if (key.bytes !== undefined) addFile(found, key, ours);
    else if (key.for === EXPORT && key.passphrase !== undefined) found.exportPassphrases.push(key.passphrase);
    else if (ours && key.passphrase !== undefined) addText(found, key, key.passphrase);
  }
  return { ...found, servers };
}

function addFile(
  found: { exports: SessionFile[]; lists: SessionFile[]; secrets: SuppliedSecret[]; mistyped: string[] },
  key: SuppliedKey,
  ours: boolean,
): void {
  const bytes = key.bytes as Uint8Array;
  const file = { bytes, passphrase: key.passphrase ?? null, source: key.source };
  if (looksLikeKeyExport(bytes)) found.exports.push(file);
  else if (bytes.length === 32) found.secrets.push({ value: bytes, user: key.id ?? null, source: key.source });
  else if (bytes[0] === 0x5b || bytes[0] === 0x7b) found.lists.push(file);
  else if (ours && bytes.length <= LONGEST_TEXT) addText(found, key, utf8DecodeLossy(bytes).replace(/[\r\n]+$/, ''));
}

function addText(found: { secrets: SuppliedSecret[]; mistyped: string[] }, key: SuppliedKey, text: string): void {
  const recovery = readRecoveryKey(text);
  const bytes = readHexKey(text, 32) ?? looseBase64(text.trim());
  const user = key.id ?? null;
  if (recovery === 'mistyped') found.mistyped.push(key.source);
  else if (recovery !== null) found.secrets.push({ value: recovery, user, source: key.source });
  else if (bytes?.length === 32) found.secrets.push({ value: new Uint8Array(bytes), user, source: key.source });
  else found.secrets.push({ value: text, user, source: key.source });
}

/** `id`: "server ed25519:keyid"; the key in hex, or base64 as text. */
function addServer(servers: Map<string, Uint8Array>, { id, bytes, passphrase }: SuppliedKey): void {
  const [server, keyId] = (id ?? '').trim().split(/\s+/);
  const key = bytes ?? looseBase64(passphrase ?? null);
  if (key?.length === PUBLIC_KEY_LENGTH && server !== undefined && keyId !== undefined)
    servers.set(`${server}\n${keyId}`, new Uint8Array(key));
}
