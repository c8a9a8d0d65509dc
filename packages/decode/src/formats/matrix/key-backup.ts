import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { equalBytes, hmacSha256 } from '@custody/bytes';
import { type JsonObject, textOf } from './json-value.ts';
import { looseBase64 } from './loose-base64.ts';

/** Algorithm of server-side key backups (Matrix specification, "Server-side key backups"). */
export const BACKUP_ALGORITHM = 'm.megolm_backup.v1.curve25519-aes-sha2';
/** PKCS #8 and SubjectPublicKeyInfo of an X25519 key up to its 32 bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');
const ZERO_SALT = new Uint8Array(32);
const NOTHING = new Uint8Array(0);
const MAC_LENGTH = 8;

/** The private key of a backup: opens what its public key sealed. */
export class BackupKey {
  readonly publicKey: Uint8Array;
  readonly #private: KeyObject;

  constructor(bytes: Uint8Array) {
    this.#private = createPrivateKey({ key: Buffer.concat([PKCS8, bytes]), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.#private).export({ format: 'der', type: 'spki' });
    this.publicKey = new Uint8Array(spki.subarray(spki.length - 32));
  }

  /**
   * `session_data` of one session. `mac` is, by a mistake of the first implementation that the specification keeps, an HMAC over
   * nothing: it shows that the key is right and says nothing about the ciphertext. One over the ciphertext is taken too.
   */
  open(sealed: JsonObject): Buffer | null {
    const ephemeral = looseBase64(textOf(sealed, 'ephemeral'));
    const ciphertext = looseBase64(textOf(sealed, 'ciphertext'));
    const mac = looseBase64(textOf(sealed, 'mac'));
    if (ephemeral === null || ephemeral.length !== 32 || ciphertext === null || mac === null) return null;
    try {
      const publicKey = createPublicKey({ key: Buffer.concat([SPKI, ephemeral]), format: 'der', type: 'spki' });
      const shared = diffieHellman({ privateKey: this.#private, publicKey });
      const keys = new Uint8Array(hkdfSync('sha256', shared, ZERO_SALT, NOTHING, 80));
      const isMac = (data: Uint8Array) =>
        equalBytes(hmacSha256(keys.subarray(32, 64), data).subarray(0, MAC_LENGTH), mac);
      if (!isMac(NOTHING) && !isMac(ciphertext)) return null;
      const decipher = createDecipheriv('aes-256-cbc', keys.subarray(0, 32), keys.subarray(64));
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    } catch {
      // A point of small order, or padding that is none: changed, as the key is proven by the MAC or not at all.
      return null;
    }
  }
}
