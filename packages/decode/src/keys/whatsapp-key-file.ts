import { equalBytes, sha256 } from '@custody/bytes';

/** Length of the record inside a crypt12/14 key file. */
export const WHATSAPP_KEY_LENGTH = 131;

/**
 * A crypt12/14 key file after Java deserialisation: cipher version 2, key version 1, server salt 32, googleIdSalt 16,
 * SHA-256 of the googleIdSalt 32, IV of zeros 16, AES key 32.
 */
export interface WhatsAppKey {
  readonly cipherVersion: number;
  readonly keyVersion: number;
  readonly serverSalt: Uint8Array;
  readonly googleIdSalt: Uint8Array;
  /** Whether the hash inside the file is that of its googleIdSalt: false means that the key file itself is damaged. */
  readonly intact: boolean;
  readonly key: Uint8Array;
}

/** Fields of a 131-byte record, as views; null for any other length. */
export function readWhatsAppKey(record: Uint8Array): WhatsAppKey | null {
  if (record.length !== WHATSAPP_KEY_LENGTH) return null;
  const googleIdSalt = record.subarray(35, 51);
  return {
    cipherVersion: ((record[0] as number) << 8) | (record[1] as number),
    keyVersion: record[2] as number,
    serverSalt: record.subarray(3, 35),
    googleIdSalt,
    intact: equalBytes(record.subarray(51, 83), sha256(googleIdSalt)),
    key: record.subarray(99, 131),
  };
}
