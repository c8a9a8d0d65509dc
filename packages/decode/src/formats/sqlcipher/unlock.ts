import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { hexEncode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { DecodeContext } from '../../format.ts';
import { type Keyring, MOST_CANDIDATES } from '../../keyring.ts';
import { candidatesFor } from '../../keys/candidates.ts';
import { finding } from '../../make-finding.ts';
import { u16, u32 } from '../../sqlite/big-endian-read.ts';
import { FilePages } from '../../sqlite/file-pages.ts';
import { isFault } from '../../sqlite/page-source.ts';
import { PageCipher, type PageKey } from './page-cipher.ts';
import {
  type CipherDigest,
  type CipherSettings,
  IV_LENGTH,
  KEY_LENGTH,
  PLAINTEXT_HEADER,
  PUBLISHED_SETTINGS,
  reserveOf,
  SALT_LENGTH,
} from './settings.ts';
import { CIPHER_PURPOSES, type Secret, secretOf } from './supplied-secret.ts';

/** A key that opens a database, and how. */
export interface Unlocked {
  readonly secret: Secret;
  readonly settings: CipherSettings;
  readonly pageKey: PageKey;
}

const derive = promisify(pbkdf2);
/** A capture is prepared more than once (to ingest, to verify); in this process's memory only. */
const derivations = new Map<string, Uint8Array>();
const MOST_DERIVATIONS = 32;

/** Finds the supplied key and the settings under which pages authenticate; else the finding that says why there is none. */
export async function unlock(source: ByteSource, name: string, context: DecodeContext): Promise<Unlocked | Finding> {
  const secrets = secretsIn(context.keyring);
  if (secrets.tooMany !== null) {
    const detail = `${secrets.tooMany} supplied keys could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    return finding('LIMIT_EXCEEDED', name, { records: null, detail });
  }
  if (secrets.keys.length === 0) {
    const detail =
      'No key was supplied. Needed: {"for": "sqlcipher", "hex": "64 digits, or 96 with the salt"} or {"for": "sqlcipher", ' +
      '"passphrase": "…"}; for Signal Desktop its config.json.';
    return finding('KEY_MISSING', name, { records: null, detail });
  }
  const attempts: Unlocked[] = [];
  for (const secret of secrets.keys) {
    for (const settings of settingsFor(source, secret)) {
      attempts.push({ secret, settings, pageKey: await pageKeyOf(source, secret, settings) });
    }
  }
  // The first page decides; where it is damaged a later one may still prove the key.
  const fits = attempts.find((one) => opens(source, one, [1])) ?? attempts.find((one) => opens(source, one, LATER));
  const resized = fits ?? attempts.flatMap(withOtherPages).find((one) => opens(source, one, [1]));
  return resized ?? nothingOpens(name, secrets.keys);
}

/** Apps choose their page size: the key is derived already, and a first page tells at once. */
function withOtherPages(attempt: Unlocked): Unlocked[] {
  const { settings, secret } = attempt;
  if (secret.stated !== null || settings.plaintextHeader > 0) return [];
  return PAGE_SIZES.filter((pageSize) => pageSize !== settings.pageSize).map((pageSize) => {
    const label = `${settings.label} with pages of ${pageSize} bytes`;
    return { ...attempt, settings: { ...settings, pageSize, label } };
  });
}

function secretsIn(keyring: Keyring): { readonly keys: readonly Secret[]; readonly tooMany: number | null } {
  const fits = candidatesFor(keyring, CIPHER_PURPOSES, (key) => secretOf(key) !== null);
  if (fits.tooMany !== null) return { keys: [], tooMany: fits.tooMany };
  return { keys: fits.keys.map((key) => secretOf(key) as Secret), tooMany: null };
}

/** What is stated for a key; else the published defaults, with a header in clear where the file begins with one. */
function settingsFor(source: ByteSource, secret: Secret): readonly CipherSettings[] {
  if (secret.stated !== null) return [secret.stated];
  const isClear = source.read(0, 15).every((byte, i) => byte === 'SQLite format 3'.charCodeAt(i));
  if (!isClear) return PUBLISHED_SETTINGS;
  const [four] = PUBLISHED_SETTINGS as readonly [CipherSettings];
  const header = source.read(0, PLAINTEXT_HEADER);
  const pageSize = u16(header, 16) === 1 ? 65_536 : u16(header, 16);
  return [{ ...four, pageSize, plaintextHeader: PLAINTEXT_HEADER, label: 'SQLCipher 4 with a header in clear' }];
}

async function pageKeyOf(source: ByteSource, secret: Secret, settings: CipherSettings): Promise<PageKey> {
  const salt = secret.salt ?? Uint8Array.from(source.read(0, SALT_LENGTH));
  if (secret.raw !== null) return { key: secret.raw, salt };
  const passphrase = secret.passphrase as Uint8Array;
  return { key: await keyFrom(passphrase, salt, settings), salt };
}

/** PBKDF2 (RFC 8018) runs on another thread: an interface lives on meanwhile. */
async function keyFrom(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { iterations, kdf }: { readonly iterations: number; readonly kdf: CipherDigest },
): Promise<Uint8Array> {
  const name = `${hexEncode(passphrase)} ${hexEncode(salt)} ${iterations} ${kdf}`;
  const known = derivations.get(name);
  if (known !== undefined) return known;
  const key = new Uint8Array(await derive(passphrase, salt, iterations, KEY_LENGTH, kdf));
  if (derivations.size >= MOST_DERIVATIONS) derivations.clear();
  derivations.set(name, key);
  return key;
}

/** Of a database of SQLite: https://www.sqlite.org/fileformat2.html#page_size. */
const PAGE_SIZES: readonly number[] = Array.from({ length: 8 }, (_, i) => 512 << i);
/** Pages that are looked at when the first does not authenticate. */
const LATER: readonly number[] = Array.from({ length: 64 }, (_, i) => i + 2);
/** Without an HMAC, so many pages must look like b-tree pages: one does by chance now and then. */
const LEAST_LIKELY = 3;

function opens(source: ByteSource, { settings, pageKey }: Unlocked, pages: readonly number[]): boolean {
  if (settings.pageSize < 512 || (settings.pageSize & (settings.pageSize - 1)) !== 0) return false;
  const cipher = new PageCipher(settings, pageKey);
  const file = new FilePages(source, settings.pageSize, 0);
  let likely = 0;
  for (const page of pages) {
    if (page > file.pageCount) break;
    const sealed = file.read(page);
    if (isFault(sealed)) continue;
    if (settings.hmac !== null) {
      if (cipher.isAuthentic(page, sealed)) return true;
    } else if (page === 1) return isFirstPage(cipher.decrypt(1, sealed), settings);
    else if (isBtreePage(cipher.decrypt(page, sealed), settings)) likely++;
  }
  return likely >= LEAST_LIKELY;
}

/** https://www.sqlite.org/fileformat2.html#the_database_header: page size, reserved bytes and the fixed fractions agree. */
function isFirstPage(page: Uint8Array, settings: CipherSettings): boolean {
  const size = u16(page, 16) === 1 ? 65_536 : u16(page, 16);
  const isFraction = page[21] === 64 && page[22] === 32 && page[23] === 32;
  return size === settings.pageSize && page[20] === reserveOf(settings) && isFraction;
}

/** https://www.sqlite.org/fileformat2.html#b_tree_pages: kind, cells, where their content begins, fragments. */
function isBtreePage(page: Uint8Array, settings: CipherSettings): boolean {
  const kind = page[0];
  if (kind !== 2 && kind !== 5 && kind !== 10 && kind !== 13) return false;
  const cells = u16(page, 3);
  const content = u16(page, 5);
  const head = (kind < 8 ? 12 : 8) + 2 * cells;
  const usable = settings.pageSize - reserveOf(settings);
  const child = kind < 8 ? u32(page, 8) : 1;
  return cells > 0 && content >= head && content <= usable && (page[7] as number) < IV_LENGTH * 4 && child > 0;
}

function nothingOpens(name: string, secrets: readonly Secret[]): Finding {
  const sources = [...new Set(secrets.map(({ supplied }) => supplied.source))].join(', ');
  const detail =
    `No page authenticates under a supplied key (${sources}) with the settings of SQLCipher 1 to 4: the key is of another ` +
    'database, its settings are none of the published ones (state them in the "id" of the key), or the first 16 bytes, its salt, are damaged.';
  return finding('KEY_NOT_VERIFIED', name, { records: null, detail });
}
