/** Digests that SQLCipher knows. */
export type CipherDigest = 'sha1' | 'sha256' | 'sha512';

/** How the pages of one database are encrypted. */
export interface CipherSettings {
  /** `SQLCipher 4` …, for the examiner. */
  readonly label: string;
  readonly pageSize: number;
  /** Rounds of PBKDF2 from a passphrase to the key; a raw key has none. */
  readonly iterations: number;
  readonly kdf: CipherDigest;
  /** Digest of each page's HMAC; null: pages carry none (SQLCipher 1). */
  readonly hmac: CipherDigest | null;
  /** What each salt byte is combined with for the HMAC key; nothing in the beta of SQLCipher 2. */
  readonly hmacSaltMask: number;
  /** Page numbers go into the HMAC with their low byte first, but for a variant of SQLCipher 2 on big-endian machines. */
  readonly bigEndianPages: boolean;
  /** Bytes at the start of page 1 that stand in clear (`cipher_plaintext_header_size`). */
  readonly plaintextHeader: number;
}

/** AES-256 has blocks, and page IVs, of 16 bytes. */
export const IV_LENGTH = 16;
/** Bytes of salt at the start of page 1, in place of SQLite's own first words. */
export const SALT_LENGTH = 16;
export const KEY_LENGTH = 32;
/** Rounds of PBKDF2 for the HMAC key (SQLCipher design, "HMAC"). */
export const HMAC_KEY_ITERATIONS = 2;

const DIGEST_LENGTHS: Readonly<Record<CipherDigest, number>> = { sha1: 20, sha256: 32, sha512: 64 };

export function digestLength(digest: CipherDigest): number {
  return DIGEST_LENGTHS[digest];
}

/** Bytes at the end of each page: the IV and the HMAC, filled up to whole cipher blocks. */
export function reserveOf({ hmac }: Pick<CipherSettings, 'hmac'>): number {
  const used = IV_LENGTH + (hmac === null ? 0 : digestLength(hmac));
  return Math.ceil(used / IV_LENGTH) * IV_LENGTH;
}

const base = { hmacSaltMask: 0x3a, bigEndianPages: false, plaintextHeader: 0 } as const;

/** The published defaults of each major version (zetetic.net/sqlcipher/sqlcipher-api, `cipher_compatibility`), newest first. */
export const PUBLISHED_SETTINGS: readonly CipherSettings[] = [
  { ...base, label: 'SQLCipher 4', pageSize: 4096, iterations: 256_000, kdf: 'sha512', hmac: 'sha512' },
  { ...base, label: 'SQLCipher 3', pageSize: 1024, iterations: 64_000, kdf: 'sha1', hmac: 'sha1' },
  { ...base, label: 'SQLCipher 2', pageSize: 1024, iterations: 4_000, kdf: 'sha1', hmac: 'sha1' },
  {
    ...base,
    label: 'SQLCipher 2, big-endian',
    pageSize: 1024,
    iterations: 4_000,
    kdf: 'sha1',
    hmac: 'sha1',
    bigEndianPages: true,
  },
  {
    ...base,
    label: 'SQLCipher 2 beta',
    pageSize: 1024,
    iterations: 4_000,
    kdf: 'sha1',
    hmac: 'sha1',
    hmacSaltMask: 0,
  },
  { ...base, label: 'SQLCipher 1', pageSize: 1024, iterations: 4_000, kdf: 'sha1', hmac: null },
];

/** The length of a header in clear that iOS needs to keep a database in a shared container (SQLCipher 4.0 notes). */
export const PLAINTEXT_HEADER = 32;

const DIGEST = /SHA(1|256|512)\b/i;

/**
 * Settings that a keyring states for a key in its `id`, written as the PRAGMAs are: `cipher_page_size=4096, kdf_iter=1,
 * cipher_kdf_algorithm=PBKDF2_HMAC_SHA1, cipher_hmac_algorithm=HMAC_SHA1, cipher_use_hmac=OFF,
 * cipher_plaintext_header_size=32`. What is not said is as in SQLCipher 4. Null where nothing of the kind is said.
 */
export function statedSettings(id: string | undefined): CipherSettings | null {
  if (id === undefined || !/\b(cipher_\w+|kdf_iter)\s*=/.test(id)) return null;
  const [four] = PUBLISHED_SETTINGS as readonly [CipherSettings];
  const value = (name: string): string | null => new RegExp(`\\b${name}\\s*=\\s*([\\w]+)`, 'i').exec(id)?.[1] ?? null;
  const number = (name: string, otherwise: number): number => {
    const digits = Number(value(name) ?? Number.NaN);
    return Number.isSafeInteger(digits) && digits >= 0 ? digits : otherwise;
  };
  const digest = (name: string, otherwise: CipherDigest): CipherDigest => {
    const found = DIGEST.exec(value(name) ?? '')?.[1];
    return found === undefined ? otherwise : (`sha${found}` as CipherDigest);
  };
  const pageSize = number('cipher_page_size', four.pageSize);
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  const withoutHmac = /^(off|0|false|no)$/i.test(value('cipher_use_hmac') ?? '');
  return {
    label: 'SQLCipher with the settings that the keyring states',
    pageSize: isPageSize ? pageSize : four.pageSize,
    iterations: Math.min(Math.max(1, number('kdf_iter', four.iterations)), MOST_ITERATIONS),
    kdf: digest('cipher_kdf_algorithm', 'sha512'),
    hmac: withoutHmac ? null : digest('cipher_hmac_algorithm', 'sha512'),
    hmacSaltMask: four.hmacSaltMask,
    bigEndianPages: false,
    plaintextHeader: Math.min(number('cipher_plaintext_header_size', 0), MOST_PLAINTEXT) & ~(IV_LENGTH - 1),
  };
}

/** A keyring cannot ask for more work than this, some seconds. */
const MOST_ITERATIONS = 10_000_000;
/** SQLite's own header: nothing behind it need ever be in clear. */
const MOST_PLAINTEXT = 96;
