import { createCipheriv, type KeyObject } from 'node:crypto';

const BLOCK = 16;

/**
 * AES-CTR keystreams of many frames at once (NIST SP 800-38A 6.5): one call of the block cipher over all their counter
 * blocks. A call for each frame costs more than the encryption itself.
 */
export class Keystream {
  readonly #cipher: ReturnType<typeof createCipheriv>;
  readonly #iv: Uint8Array;
  /** Blocks for each frame. */
  readonly #blocks: number;
  readonly #frames: number;
  readonly #counters: Uint8Array;
  readonly #view: DataView;
  /** What block j adds to the first four bytes: the low twelve wrap once in 2^96. */
  readonly #carries: Uint32Array;

  constructor(key: KeyObject, iv: Uint8Array, shape: { readonly blocks: number; readonly frames: number }) {
    // A mode without chaining keeps no state: one cipher serves every call.
    this.#cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.#iv = iv;
    this.#blocks = shape.blocks;
    this.#frames = shape.frames;
    this.#counters = new Uint8Array(shape.blocks * shape.frames * BLOCK);
    this.#view = new DataView(this.#counters.buffer);
    this.#carries = this.#template();
  }

  /** Bytes of keystream for each frame. */
  get stride(): number {
    return this.#blocks * BLOCK;
  }

  /** Keystreams of `frames` frames, `stride` bytes each; `first` is the first four bytes of the first frame's IV. */
  fill(first: number, frames: number): Uint8Array {
    for (let frame = 0, at = 0; frame < frames; frame++) {
      for (let block = 0; block < this.#blocks; block++, at += BLOCK)
        this.#view.setUint32(at, first + frame + (this.#carries[block] as number));
    }
    return this.#cipher.update(this.#counters.subarray(0, frames * this.stride));
  }

  #template(): Uint32Array {
    const low = BigInt(`0x${Buffer.from(this.#iv.subarray(4)).toString('hex')}`);
    const carries = new Uint32Array(this.#blocks);
    for (let block = 0; block < this.#blocks; block++) {
      const sum = low + BigInt(block);
      carries[block] = Number(sum >> 96n);
      const bytes = Buffer.from(BigInt.asUintN(96, sum).toString(16).padStart(24, '0'), 'hex');
      for (let frame = 0; frame < this.#frames; frame++)
        this.#counters.set(bytes, (frame * this.#blocks + block) * BLOCK + 4);
    }
    return carries;
  }
}
