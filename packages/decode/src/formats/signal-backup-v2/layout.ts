/** Layout and key derivation of Signal's second backup container; sources in README.md. */

export const AES_BLOCK = 16;
export const MAC_LENGTH = 32;
/** A file that authenticates has an IV, one block at least, and a MAC. */
export const SHORTEST: number = AES_BLOCK + AES_BLOCK + MAC_LENGTH;

/** In front of remote backups since forward secrecy; the last byte is a version. */
export const REMOTE_MAGIC: Uint8Array = Uint8Array.from(Buffer.from('SBACKUP', 'latin1'));
export const REMOTE_VERSION = 1;
/** The metadata of a remote backup is some 100 bytes. */
export const LONGEST_METADATA: number = 64 * 1024;
/** The file `metadata` of a local backup is 36 bytes. */
export const LONGEST_LOCAL_METADATA = 1024;
export const LOCAL_VERSION = 1;
export const BACKUP_VERSION = 1;

/** Characters of an account entropy pool: some 330 bits. */
export const ENTROPY_LENGTH = 64;
export const TOKEN_LENGTH = 32;
export const BACKUP_KEY_LENGTH = 32;
export const BACKUP_ID_LENGTH = 16;
export const LOCAL_IV_LENGTH = 12;

export const BACKUP_KEY_INFO = '20240801_SIGNAL_BACKUP_KEY';
export const BACKUP_ID_INFO = '20241024_SIGNAL_BACKUP_ID:';
export const LOCAL_METADATA_KEY_INFO = '20241011_SIGNAL_LOCAL_BACKUP_METADATA_KEY';
export const MESSAGE_KEY_INFO = '20241007_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:';
export const TOKEN_MESSAGE_KEY_INFO = '20250708_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:';

/** A frame is one message with all its revisions, reactions and receipts. Longer ones are not read. */
export const LONGEST_FRAME: number = 64 * 1024 * 1024;
/** The folder of one snapshot. */
export const SNAPSHOT_FOLDER: RegExp = /(?:^|\/)signal-backup-\d{4}(?:-\d\d){5}\/main$/;
