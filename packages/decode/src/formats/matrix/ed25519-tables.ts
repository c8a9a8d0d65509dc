import { hash } from 'node:crypto';
import { base64Decode } from '@custody/bytes';
import { BASE, type CurvePoint, isSmallOrder, L, mod, P, readPoint, TWICE_D } from './ed25519-curve.ts';
import { ED25519_WASM } from './ed25519-wasm.wasm.ts';

/** The part of the platform's WebAssembly that is used: neither the language's library nor Node's types declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Constant {
  readonly value: number;
}

/** What assembly/ed25519/index.ts exports; see there. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly MOST_KEYS: Constant;
  readonly twiceD: Constant;
  readonly point: Constant;
  readonly scalarS: Constant;
  readonly scalarH: Constant;
  readonly encoded: Constant;
  fillBase(): void;
  fillKey(key: number): void;
  combine(key: number): void;
}

/** Limbs of a number, and bytes between the numbers of a point. */
const LIMBS = 10;
const NUMBER = 40;

/** Signatures after which a key that none of them was of is taken to be done with. */
const IDLE = 1000;

interface Slot {
  place: number;
  /** Value of the clock when it was last used. */
  used: number;
}

/** Whose tables are in memory. */
export interface TableOwner {
  readonly publicKey: Uint8Array;
}

/**
 * Ed25519 signatures of public keys that verify many: with tables of multiples of a key, a third of the work of a verification
 * from nothing. What it accepts is what RFC 8032 (5.1.7, without cofactor) accepts; what it does not accept it does not judge.
 */
export class Ed25519Tables {
  readonly #wasm: Exports;
  readonly #memory: Buffer;
  /** By slot; the one longest not used comes first in `#slots`. */
  readonly #slots = new Map<TableOwner, Slot>();
  /** Signatures asked about so far. */
  #clock = 0;
  /** R, public key and message: what is hashed. */
  #hashed: Buffer = Buffer.alloc(1024);

  private constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#memory = Buffer.from(wasm.memory.buffer);
    this.#putNumber(wasm.twiceD.value, TWICE_D);
    this.#putPoint(BASE);
    wasm.fillBase();
  }

  /** Null where the platform has no WebAssembly with vectors, or forbids it. */
  static load(): Ed25519Tables | null {
    try {
      const module = new WebAssembly.Module(base64Decode(ED25519_WASM));
      return new Ed25519Tables(new WebAssembly.Instance(module).exports as Exports);
    } catch {
      return null;
    }
  }

  /** There is a place that was never used, or whose key seems to be done with. */
  get hasRoom(): boolean {
    if (this.#slots.size < this.#wasm.MOST_KEYS.value) return true;
    const oldest = this.#slots.values().next().value as Slot;
    return this.#clock - oldest.used > IDLE;
  }

  has(owner: TableOwner): boolean {
    this.#clock++;
    return this.#slots.has(owner);
  }

  /** Makes the tables of a key, in place of those longest not used. False where the key is no point, or one of small order. */
  add(owner: TableOwner): boolean {
    const point = readPoint(owner.publicKey);
    if (point === null || isSmallOrder(point)) return false;
    const slot = { place: this.#slots.size, used: this.#clock };
    if (slot.place === this.#wasm.MOST_KEYS.value) {
      const [oldest, { place }] = this.#slots.entries().next().value as [TableOwner, Slot];
      this.#slots.delete(oldest);
      slot.place = place;
    }
    // What is added is h times minus the key.
    this.#putPoint({ x: mod(P - point.x), y: point.y });
    this.#wasm.fillKey(slot.place);
    this.#slots.set(owner, slot);
    return true;
  }

  /** True: the signature is that of the message under the owner's key. False: not shown to be. */
  accepts(owner: TableOwner, message: Uint8Array, signature: Uint8Array): boolean {
    const slot = this.#slots.get(owner);
    if (slot === undefined || signature.length !== 64 || !isBelowL(signature)) return false;
    this.#slots.delete(owner);
    this.#slots.set(owner, slot);
    slot.used = this.#clock;
    const { scalarS, scalarH, encoded } = this.#wasm;
    this.#putScalar(scalarH.value, this.#challenge(owner.publicKey, message, signature));
    this.#memory.set(signature.subarray(32), scalarS.value);
    this.#wasm.combine(slot.place);
    for (let i = 0; i < 32; i++) if (this.#memory[encoded.value + i] !== signature[i]) return false;
    return true;
  }

  /** SHA-512(R, public key, message) modulo L. */
  #challenge(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): bigint {
    const length = 64 + message.length;
    if (this.#hashed.length < length) this.#hashed = Buffer.alloc(2 * length);
    this.#hashed.set(signature.subarray(0, 32));
    this.#hashed.set(publicKey, 32);
    this.#hashed.set(message, 64);
    const digest = Buffer.from(hash('sha512', this.#hashed.subarray(0, length), 'binary'), 'latin1');
    let value = 0n;
    for (let at = 56; at >= 0; at -= 8) value = (value << 64n) | digest.readBigUInt64LE(at);
    return value % L;
  }

  #putScalar(at: number, scalar: bigint): void {
    for (let word = 0, rest = scalar; word < 4; word++, rest >>= 64n) {
      this.#memory.writeBigUInt64LE(rest & 0xffffffffffffffffn, at + 8 * word);
    }
  }

  #putPoint({ x, y }: CurvePoint): void {
    const at = this.#wasm.point.value;
    for (const [i, number] of [x, y, 1n, mod(x * y)].entries()) this.#putNumber(at + i * NUMBER, number);
  }

  /** Limbs of 26 and 25 bits in turn. */
  #putNumber(at: number, number: bigint): void {
    let rest = number;
    for (let limb = 0; limb < LIMBS; limb++) {
      const width = limb % 2 === 0 ? 26n : 25n;
      this.#memory.writeInt32LE(Number(rest & ((1n << width) - 1n)), at + 4 * limb);
      rest >>= width;
    }
  }
}

/** RFC 8032: S is below L, or else a second signature could be made of the first. */
function isBelowL(signature: Uint8Array): boolean {
  const top = signature[63] as number;
  if (top < 0x10) return true;
  if (top > 0x10) return false;
  let value = 0n;
  for (let at = 63; at >= 32; at--) value = (value << 8n) | BigInt(signature[at] as number);
  return value < L;
}
