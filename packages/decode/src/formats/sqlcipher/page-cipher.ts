import {
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  pbkdf2Sync,
  timingSafeEqual,
} from 'node:crypto';
import {
  type CipherSettings,
  digestLength,
  HMAC_KEY_ITERATIONS,
  IV_LENGTH,
  KEY_LENGTH,
  reserveOf,
  SALT_LENGTH,
} from './settings.ts';

/** Key of the pages and the salt that it goes with: of the file, or supplied with a raw key. */
export interface PageKey {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
}

/** SQLite's own first 16 bytes, which the salt stands in the place of. */
const MAGIC = new TextEncoder().encode('SQLite format 3\0');

/**
 * The page format of SQLCipher: ciphertext, IV (16), HMAC over ciphertext, IV and page number, padding to whole blocks.
 * On page 1 neither the salt (or the header in clear) is encrypted, nor does the HMAC cover it.
 * Source: zetetic.net/sqlcipher/design; the samples of each version.
 */
export class PageCipher {
  readonly settings: CipherSettings;
  /** Where the ciphertext ends in each page. */
  readonly #end: number;
  readonly #macEnd: number;
  readonly #algorithm: KeyObject;
  readonly #mac: KeyObject | null;
  readonly #number: Uint8Array = new Uint8Array(4);

  constructor(settings: CipherSettings, { key, salt }: PageKey) {
    this.settings = settings;
    this.#end = settings.pageSize - reserveOf(settings);
    this.#macEnd = this.#end + IV_LENGTH + (settings.hmac === null ? 0 : digestLength(settings.hmac));
    this.#algorithm = createSecretKey(key);
    if (settings.hmac === null) this.#mac = null;
    else {
      const macSalt = salt.map((byte) => byte ^ settings.hmacSaltMask);
      this.#mac = createSecretKey(pbkdf2Sync(key, macSalt, HMAC_KEY_ITERATIONS, KEY_LENGTH, settings.kdf));
    }
  }

  /** Whether the page's HMAC is right; false for every page where the format has none. */
  isAuthentic(page: number, sealed: Uint8Array): boolean {
    const { hmac, bigEndianPages } = this.settings;
    if (hmac === null || this.#mac === null || sealed.length !== this.settings.pageSize) return false;
    const macAt = this.#end + IV_LENGTH;
    const view = new DataView(this.#number.buffer);
    view.setUint32(0, page, !bigEndianPages);
    const expected = createHmac(hmac, this.#mac)
      .update(sealed.subarray(this.#from(page), macAt))
      .update(this.#number)
      .digest();
    return timingSafeEqual(expected, sealed.subarray(macAt, this.#macEnd));
  }

  /** The page as SQLite knows it; the bytes reserved at its end are zeros. Ask `isAuthentic` before. */
  decrypt(page: number, sealed: Uint8Array): Uint8Array {
    const from = this.#from(page);
    const iv = sealed.subarray(this.#end, this.#end + IV_LENGTH);
    const decipher = createDecipheriv('aes-256-cbc', this.#algorithm, iv).setAutoPadding(false);
    const plain = new Uint8Array(this.settings.pageSize);
    plain.set(decipher.update(sealed.subarray(from, this.#end)), from);
    if (page !== 1) return plain;
    plain.set(sealed.subarray(0, from));
    plain.set(MAGIC);
    return plain;
  }

  #from(page: number): number {
    return page === 1 ? Math.max(SALT_LENGTH, this.settings.plaintextHeader) : 0;
  }
}
