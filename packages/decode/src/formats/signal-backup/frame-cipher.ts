import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { type BackupKeys, keyObject } from './backup-keys.ts';
import { FrameSum } from './frame-sum.ts';
import { Keystream } from './keystream.ts';
import { COUNTER_LENGTH, LENGTH_LENGTH, MAC_LENGTH } from './layout.ts';
import { MacBatch } from './mac-batch.ts';

/** Our own words: no backup has a frame of these bytes. */
const SUM_INFO = 'frames of one unit, read for the second time';

/** Decrypts and authenticates frames and blobs of one backup; each has a counter of its own, so any can be read alone. */
export class FrameCipher {
  readonly #iv: Uint8Array;
  readonly #macKey: Uint8Array;
  /** First four bytes of the IV: what counters are added to. */
  readonly start: number;
  readonly #cipher: ReturnType<typeof keyObject>;
  readonly #mac: ReturnType<typeof keyObject>;
  /** Whether the four bytes of length are encrypted, too (header version 1). */
  readonly sealsLength: boolean;

  constructor(keys: BackupKeys, { iv, version }: { readonly iv: Uint8Array; readonly version: number }) {
    this.#iv = Uint8Array.from(iv);
    this.start = new DataView(this.#iv.buffer).getUint32(0);
    this.#cipher = keyObject(keys.cipher);
    this.#mac = keyObject(keys.mac);
    this.#macKey = keys.mac;
    this.sealsLength = version > 0;
  }

  /** Keystreams and MACs of many frames at once. */
  keystream(shape: { readonly blocks: number; readonly frames: number }): Keystream {
    return new Keystream(this.#cipher, this.#iv, shape);
  }

  macBatch(shape: { readonly most: number; readonly bytes: number }): MacBatch {
    return new MacBatch(this.#macKey, shape);
  }

  /** Sums of frames that authenticated, under a key that is for nothing else. */
  sum(): FrameSum {
    return new FrameSum(keyObject(createHmac('sha256', this.#mac).update(SUM_INFO).digest()));
  }

  /** Four bytes of keystream that lie over the length of the frame with this counter; zeros where lengths are in clear. */
  lengthMask(counter: number): number {
    if (!this.sealsLength) return 0;
    return this.#stream(counter).update(new Uint8Array(LENGTH_LENGTH)).readUInt32BE(0);
  }

  /**
   * The frame of `sealed`, which is the four bytes of length, the ciphertext and the MAC; null where the MAC does not
   * verify.
   */
  openFrame(counter: number, sealed: Uint8Array): Uint8Array | null {
    const macAt = sealed.length - MAC_LENGTH;
    const covered = sealed.subarray(this.sealsLength ? 0 : LENGTH_LENGTH, macAt);
    const mac = createHmac('sha256', this.#mac).update(covered).digest().subarray(0, MAC_LENGTH);
    if (!timingSafeEqual(mac, sealed.subarray(macAt))) return null;
    const plain = this.#stream(counter).update(covered);
    return this.sealsLength ? plain.subarray(LENGTH_LENGTH) : plain;
  }

  /** Decrypts a blob piece by piece; `verify` says at its end whether the MAC is right. Use nothing before. */
  openBlob(counter: number): { update(piece: Uint8Array): Uint8Array; verify(mac: Uint8Array): boolean } {
    const stream = this.#stream(counter);
    const hmac = createHmac('sha256', this.#mac).update(this.#ivOf(counter));
    return {
      update(piece) {
        hmac.update(piece);
        return stream.update(piece);
      },
      verify: (mac) => mac.length === MAC_LENGTH && timingSafeEqual(hmac.digest().subarray(0, MAC_LENGTH), mac),
    };
  }

  #stream(counter: number): ReturnType<typeof createCipheriv> {
    return createCipheriv('aes-256-ctr', this.#cipher, this.#ivOf(counter));
  }

  /** NIST SP 800-38A 6.5; the counter of the file is the first 32 bits of the initial block and wraps. */
  #ivOf(counter: number): Uint8Array {
    const iv = this.#iv.slice();
    new DataView(iv.buffer).setUint32(0, (this.start + counter) % 2 ** (8 * COUNTER_LENGTH));
    return iv;
  }
}
