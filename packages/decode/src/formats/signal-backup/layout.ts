/** Byte layout of Signal's Android backup (`BackupFrame` protobufs); sources in README.md. */

/** HMAC-SHA256 cut to its first bytes, after each frame and each blob. */
export const MAC_LENGTH = 10;
export const IV_LENGTH = 16;
/** The first four bytes of the IV are a big-endian counter, one up for every frame and every blob. */
export const COUNTER_LENGTH = 4;
export const LENGTH_LENGTH = 4;
/** Header frames are some 60 bytes; a length beyond this is no backup's. */
export const LONGEST_HEADER = 512;
/** The exporter writes a row a frame. A row of SQLite has at most 10^9 bytes, of messages far less: longer ones are not read. */
export const LONGEST_FRAME: number = 64 * 1024 * 1024;
/** While the next intact frame is looked for, lengths beyond this are not tried: a random one is 2^-16 likely to pass. */
export const LONGEST_SOUGHT: number = 64 * 1024;
/** Versions of the header: absent and 0 have lengths in clear, 1 encrypts them (since October 2023). */
export const VERSIONS: readonly number[] = [0, 1];

/** Rounds of SHA-512 over the passphrase. */
export const ROUNDS = 250_000;
export const KEY_INFO = 'Backup Export';
export const PASSPHRASE_DIGITS = 30;
