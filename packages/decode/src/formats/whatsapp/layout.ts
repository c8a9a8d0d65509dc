/** Byte layout of the encrypted backups; sources in README.md. */

export type Generation = 'crypt12' | 'crypt14' | 'crypt15';

export const SALT_LENGTH = 32;
export const GOOGLE_ID_LENGTH = 16;
/** AES-GCM with a nonce of 16 bytes: J0 comes from GHASH (NIST SP 800-38D 7.1). */
export const IV_LENGTH = 16;
export const TAG_LENGTH = 16;
export const MD5_LENGTH = 16;

/** crypt12: cipher version 2, key version 1, server salt 32, googleIdSalt 16, IV 16. */
export const CRYPT12_HEADER_LENGTH = 67;
/** crypt12 ends in `--` and the last two digits of the owner's number. */
export const CRYPT12_SUFFIX_LENGTH = 4;
/** The one cipher version that has been seen in crypt12 and crypt14. */
export const CIPHER_VERSION = 1;
export const KEY_VERSIONS: readonly number[] = [1, 2, 3];

/** The prefix message is some 50 to 200 bytes; a length beyond this is no backup's. */
export const LONGEST_PREFIX = 4096;

/** SQLite database header string (SQLite file format 1.3.1). */
export const SQLITE_MAGIC: Uint8Array = new TextEncoder().encode('SQLite format 3\0');
