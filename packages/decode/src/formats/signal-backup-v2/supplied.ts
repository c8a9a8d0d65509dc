import type { Keyring, SuppliedKey } from '../../keyring.ts';
import { textOfKeyFile } from '../../keys/text-of-key-file.ts';
import {
  backupIdOfAccount,
  backupIdOfMetadata,
  backupKeyOf,
  type MessageKeys,
  messageKeysOf,
  readEntropyPool,
  readServiceId,
} from './backup-keys.ts';
import type { Container } from './container.ts';
import * as layout from './layout.ts';

/** Keys that may open a file, made of what was supplied. */
export interface KeyToTry {
  readonly keys: MessageKeys;
  /** What the fingerprint of the key is made of. */
  readonly material: Uint8Array;
  /** The account's service id, where it was supplied and needed to make the keys. */
  readonly aci: Uint8Array | null;
  readonly source: string;
}

/** What the keyring holds for this format. */
export interface Supplied {
  readonly roots: readonly { readonly backupKey: Uint8Array; readonly material: Uint8Array; readonly source: string }[];
  readonly acis: readonly Uint8Array[];
  readonly tokens: readonly Uint8Array[];
  /** A passphrase of the older format was supplied: it is of no use here. */
  readonly digits: boolean;
}

const POOL_PURPOSES: ReadonlySet<string> = new Set(['signal-backup-v2', 'signal-aep', 'signal-backup', 'file']);
const ACI_PURPOSES: ReadonlySet<string> = new Set(['signal-aci', 'signal-backup-v2-aci']);
const TOKEN_PURPOSES: ReadonlySet<string> = new Set(['signal-backup-v2-token', 'signal-backup-token']);
const KEY_PURPOSES: ReadonlySet<string> = new Set(['signal-backup-v2-key', 'signal-backup-key']);
/** A text of 64 characters with spaces between, and little else. */
const LONGEST_TEXT = 256;

export function suppliedFor({ keys }: Keyring): Supplied {
  const roots = new Map<string, Supplied['roots'][number]>();
  const acis = new Map<string, Uint8Array>();
  const tokens = new Map<string, Uint8Array>();
  let digits = false;
  for (const key of keys) {
    const root = rootOf(key);
    if (root !== null) roots.set(Buffer.from(root.backupKey).toString('hex'), root);
    const aci = aciOf(key);
    if (aci !== null) acis.set(Buffer.from(aci).toString('hex'), aci);
    const { bytes } = key;
    const isToken = TOKEN_PURPOSES.has(key.for) && bytes?.length === layout.TOKEN_LENGTH;
    if (isToken && bytes !== undefined) tokens.set(Buffer.from(bytes).toString('hex'), bytes);
    digits ||= key.for === 'signal-backup' && /^(?:\s*\d){30}\s*$/.test(key.passphrase ?? '');
  }
  return { roots: [...roots.values()], acis: [...acis.values()], tokens: [...tokens.values()], digits };
}

function rootOf(key: SuppliedKey): Supplied['roots'][number] | null {
  const { bytes, source } = key;
  if (KEY_PURPOSES.has(key.for) && bytes?.length === layout.BACKUP_KEY_LENGTH)
    return { backupKey: bytes, material: bytes, source };
  if (!POOL_PURPOSES.has(key.for)) return null;
  const text = textOf(key);
  const pool = text === null ? null : readEntropyPool(text);
  return pool === null ? null : { backupKey: backupKeyOf(pool), material: Buffer.from(pool, 'ascii'), source };
}

/** A service id stands beside a key as its `id`, or alone. */
function aciOf(key: SuppliedKey): Uint8Array | null {
  const ofKey = key.for.startsWith('signal') && key.id !== undefined ? readServiceId(key.id) : null;
  if (ofKey !== null || !ACI_PURPOSES.has(key.for)) return ofKey;
  if (key.bytes?.length === layout.BACKUP_ID_LENGTH) return key.bytes;
  return readServiceId(textOf(key) ?? '');
}

function textOf({ passphrase, bytes }: SuppliedKey): string | null {
  if (passphrase !== undefined) return passphrase;
  return bytes === undefined || bytes.length > LONGEST_TEXT ? null : textOfKeyFile(bytes);
}

/** Every combination of supplied material that could be meant for this file. */
export function keysToTry(supplied: Supplied, container: Container): KeyToTry[] {
  const { sealedId } = container;
  const tokens = container.kind === 'remote' ? supplied.tokens : [null];
  return supplied.roots.flatMap(({ backupKey, material, source }) => {
    const ids =
      sealedId === null
        ? supplied.acis.map((aci) => ({ aci, id: backupIdOfAccount(backupKey, aci) }))
        : [{ aci: null, id: backupIdOfMetadata(backupKey, sealedId.iv, sealedId.encrypted) }];
    return ids.flatMap(({ aci, id }) =>
      tokens.map((token) => ({ keys: messageKeysOf(backupKey, id, token), material, aci, source })),
    );
  });
}

/** The supplied service id that this backup's id is made of: then it is the owner's. Null where none is. */
export function provenOwner(supplied: Supplied, material: Uint8Array, container: Container): Uint8Array | null {
  const root = supplied.roots.find((one) => Buffer.compare(one.material, material) === 0);
  if (root === undefined || container.sealedId === null) return null;
  const { iv, encrypted } = container.sealedId;
  const id = backupIdOfMetadata(root.backupKey, iv, encrypted);
  return supplied.acis.find((aci) => Buffer.compare(backupIdOfAccount(root.backupKey, aci), id) === 0) ?? null;
}
