import { utf8DecodeLossy } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import { integerOf, type JsonObject, objectOf, textOf } from '../matrix/json-value.ts';
import { BackupKey } from '../matrix/key-backup.ts';
import { looseBase64 } from '../matrix/loose-base64.ts';
import { isStorageKey, keyFromPassphrase, openSecret } from '../matrix/secret-storage.ts';
import type { SuppliedSecret } from '../matrix/supplied-material.ts';

const SECRET = 'm.megolm_backup.v1';
const DESCRIPTION = 'm.secret_storage.key.';
/** PBKDF2 iterations that one dump may cost in all, some two minutes: their numbers stand in the dump. */
const MOST_ITERATIONS = 200_000_000;

/** Account data of users, by user and type. */
export type AccountData = ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;
/** Public key of each backup, by `user\nversion`. */
export type BackupVersions = ReadonlyMap<string, string>;

/** What a dump holds of backups and secret storage. */
export interface StoredBackups {
  readonly accounts: AccountData;
  readonly versions: BackupVersions;
  /** MOST_ITERATIONS unless stated. */
  readonly mostIterations?: number;
}

/** What supplied secrets open. */
export interface OpenedBackups {
  /** By `user\nversion`. */
  readonly keys: ReadonlyMap<string, BackupKey>;
  readonly keyIds: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * From a passphrase, a recovery key or a backup's own key to the private keys of backups. A recovery key may be either: that of
 * secret storage, or, as older clients showed it, that of the backup.
 */
export function openBackups(path: string, secrets: readonly SuppliedSecret[], stored: StoredBackups): OpenedBackups {
  const opener = new BackupOpener(path, stored);
  if (secrets.length > MOST_CANDIDATES) opener.tooMany(secrets.length);
  else for (const secret of secrets) opener.take(secret);
  return opener;
}

class BackupOpener implements OpenedBackups {
  readonly keys = new Map<string, BackupKey>();
  readonly keyIds: string[] = [];
  readonly findings: Finding[] = [];
  readonly #path: string;
  readonly #accounts: AccountData;
  readonly #versions: BackupVersions;
  #iterationsLeft: number;

  constructor(path: string, { accounts, versions, mostIterations = MOST_ITERATIONS }: StoredBackups) {
    this.#path = path;
    this.#accounts = accounts;
    this.#versions = versions;
    this.#iterationsLeft = mostIterations;
  }

  tooMany(count: number): void {
    this.#doubt(
      'LIMIT_EXCEEDED',
      `${count} supplied secrets could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`,
    );
  }

  take(secret: SuppliedSecret): void {
    const { value, user, source } = secret;
    const concerned = [...this.#accounts].filter(([name]) => user === null || name === user);
    if (typeof value === 'string' && user === null && concerned.length > MOST_CANDIDATES) {
      this.#doubt(
        'LIMIT_EXCEEDED',
        `The passphrase in ${source} does not say whose it is, and ${concerned.length} users have secret storage: give the user as its "id".`,
      );
      return;
    }
    const direct = typeof value === 'string' ? false : this.#backupKey(value);
    const proven = concerned.map(([name, data]) => this.#storage(name, data, secret)).some((one) => one);
    if (direct || proven) return;
    const what = typeof value === 'string' ? 'passphrase' : 'key';
    const detail = `The ${what} in ${source} is not that of any secret storage or key backup in this dump: it is another one, or mistyped.`;
    this.#doubt('KEY_NOT_VERIFIED', detail);
  }

  /** True where a backup of the dump has this key's public half. */
  #backupKey(bytes: Uint8Array): boolean {
    const key = new BackupKey(bytes);
    let found = false;
    for (const [name, publicKey] of this.#versions) {
      if (looseBase64(publicKey)?.equals(key.publicKey) !== true) continue;
      this.keys.set(name, key);
      found = true;
    }
    if (found) this.keyIds.push(keyIdOf(bytes));
    return found;
  }

  /** True where the secret is proven to be the key of this user's storage. */
  #storage(user: string, data: ReadonlyMap<string, JsonObject>, { value }: SuppliedSecret): boolean {
    let proven = false;
    for (const [type, description] of data) {
      if (!type.startsWith(DESCRIPTION)) continue;
      const key = typeof value === 'string' ? this.#derive(description, value) : value;
      const isKey = key === null ? false : isStorageKey(description, key);
      if (key === null || isKey === false) continue;
      const sealed = objectOf(objectOf(data.get(SECRET) ?? null, 'encrypted'), type.slice(DESCRIPTION.length));
      const secret = sealed === null ? null : openSecret(sealed, SECRET, key);
      if (isKey === true) proven = true;
      if (secret !== null) proven = this.#secret(user, secret, key);
      else if (isKey === true) this.#unopened(user, sealed !== null);
    }
    return proven;
  }

  #derive(description: JsonObject, passphrase: string): Uint8Array | null {
    const iterations = Math.max(0, integerOf(objectOf(description, 'passphrase'), 'iterations') ?? 0);
    if (iterations <= this.#iterationsLeft) {
      this.#iterationsLeft -= iterations;
      return keyFromPassphrase(description, passphrase);
    }
    if (this.#iterationsLeft >= 0) {
      this.#doubt(
        'LIMIT_EXCEEDED',
        'The dump asks for more PBKDF2 iterations than any set of accounts needs: some secret storage was not tried.',
      );
    }
    this.#iterationsLeft = -1;
    return null;
  }

  #secret(user: string, secret: Uint8Array, key: Uint8Array): true {
    this.keyIds.push(keyIdOf(key));
    const bytes = looseBase64(utf8DecodeLossy(secret).trim());
    if (bytes?.length !== 32 || !this.#backupKey(bytes)) {
      this.#doubt(
        'KEY_NOT_VERIFIED',
        `The secret storage of ${user} opens, but the backup key in it is not that of a backup in this dump.`,
      );
    }
    return true;
  }

  #unopened(user: string, isThere: boolean): void {
    if (isThere)
      this.#doubt(
        'KEY_PROVEN_THEN_DAMAGE',
        `The key of ${user}'s secret storage is proven, but the backup key in it does not authenticate: it is damaged.`,
      );
    else
      this.#doubt(
        'REFERENCED_BUT_ABSENT',
        `The key of ${user}'s secret storage is proven, but there is no backup key in it.`,
      );
  }

  #doubt(code: Finding['code'], detail: string): void {
    this.findings.push(finding(code, this.#path, { records: 0, class: 'doubt', detail }));
  }
}

/** The public key that a backup version states. */
export function publicKeyOf(authData: JsonObject | null): string | null {
  return textOf(authData, 'public_key');
}
