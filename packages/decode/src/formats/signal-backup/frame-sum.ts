import { type CipherGCM, createCipheriv, type KeyObject } from 'node:crypto';

/** GMAC (NIST SP 800-38D): AES-GCM with nothing to encrypt. A sum never leaves the program, and one key has one nonce. */
const NONCE: Uint8Array = new Uint8Array(12);

/**
 * A keyed sum over frames that authenticated, in their order. A frame is read twice, once to learn what the backup holds
 * and once for its items; its own MAC costs ten times as much, so the second reading is held against the sum of the first.
 */
export class FrameSum {
  readonly #key: KeyObject;
  #gmac: CipherGCM;

  constructor(key: KeyObject) {
    this.#key = key;
    this.#gmac = gmacOf(key);
  }

  add(frames: Uint8Array): void {
    this.#gmac.setAAD(frames);
  }

  /** The sum as hex; the next one begins. */
  take(): string {
    this.#gmac.final();
    const sum = this.#gmac.getAuthTag().toString('hex');
    this.clear();
    return sum;
  }

  clear(): void {
    this.#gmac = gmacOf(this.#key);
  }
}

function gmacOf(key: KeyObject): CipherGCM {
  return createCipheriv('aes-256-gcm', key, NONCE);
}
