/** Layout of Wire's Android backup, header version 2; sources in README.md. Numbers are big-endian. */

/** `WBUA` and a zero byte. */
export const MAGIC: Uint8Array = Uint8Array.of(0x57, 0x42, 0x55, 0x41, 0x00);
export const VERSION = 2;
export const SALT_AT = 7;
export const SALT_LENGTH = 16;
/** Argon2id over the user's id in text form, with the same salt and cost as the key. */
export const ACCOUNT_HASH_AT = 23;
export const HASH_LENGTH = 32;
export const PASSES_AT = 55;
export const MEMORY_AT = 59;
export const HEADER_LENGTH = 63;
/** The app writes 2 passes over 64 MiB. What the file says decides how much this machine works, so it is capped. */
export const MOST_PASSES = 16;
export const MOST_MEMORY: number = 1024 * 1024 * 1024;
export const LEAST_MEMORY: number = 8 * 1024;
