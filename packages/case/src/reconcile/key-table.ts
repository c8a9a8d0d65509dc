import { hash } from 'node:crypto';
import type { Scratch, ScratchFile } from '@custody/decode';

/** Of SHA-256: two different keys that meet are not to be expected among 2^40. */
const KEY = 16;
/** Ours: of twenty million rows a part has some 300,000. */
const PARTS = 64;
const BUFFER = 32 * 1024;

/** Bytes of one part that wait to be written, and where the others are. */
interface Part {
  buffer: Buffer;
  used: number;
  file: ScratchFile | null;
}

/** Numbers that belong to one key: the rows of a group, in the order in which they came. */
export type Group = readonly Float64Array[];

/**
 * Rows of numbers by a key of any length, grouped by equal keys. In memory stands one part in 64 at a time; what is more
 * goes to scratch, encrypted, keys as hashes.
 */
export class KeyTable {
  readonly #scratch: Scratch;
  readonly #width: number;
  readonly #size: number;
  readonly #parts: (Part | undefined)[] = [];

  /** `width`: numbers a row. */
  constructor(scratch: Scratch, width: number) {
    this.#scratch = scratch;
    this.#width = width;
    this.#size = KEY + width * 8;
  }

  add(key: string, ...numbers: readonly number[]): void {
    const digest = hash('sha256', key, 'buffer');
    const part = this.#part((digest[0] as number) % PARTS);
    if (part.used + this.#size > part.buffer.length) this.#makeRoom(part);
    digest.copy(part.buffer, part.used, 0, KEY);
    for (let i = 0; i < this.#width; i++) part.buffer.writeDoubleLE(numbers[i] as number, part.used + KEY + i * 8);
    part.used += this.#size;
  }

  /** Every group once; the table is empty afterwards. */
  *groups(): Generator<Group> {
    for (let i = 0; i < PARTS; i++) {
      const part = this.#parts[i];
      if (part === undefined) continue;
      this.#parts[i] = undefined;
      yield* this.#grouped(this.#read(part));
    }
  }

  #part(index: number): Part {
    let part = this.#parts[index];
    if (part === undefined) {
      part = { buffer: Buffer.allocUnsafeSlow(this.#size * 16), used: 0, file: null };
      this.#parts[index] = part;
    }
    return part;
  }

  #makeRoom(part: Part): void {
    if (part.buffer.length < BUFFER) {
      const larger = Buffer.allocUnsafeSlow(part.buffer.length * 2);
      part.buffer.copy(larger, 0, 0, part.used);
      part.buffer = larger;
      return;
    }
    part.file ??= this.#scratch.create();
    part.file.append(part.buffer.subarray(0, part.used));
    part.used = 0;
  }

  #read({ buffer, used, file }: Part): Buffer {
    const last = buffer.subarray(0, used);
    if (file === null) return last;
    const handle = file.finish();
    const earlier = this.#scratch.open(handle).read(0, handle.length);
    const all = Buffer.concat([earlier, last]);
    file.discard();
    return all;
  }

  *#grouped(bytes: Buffer): Generator<Group> {
    const size = this.#size;
    const count = bytes.length / size;
    // 48 bits of the key decide almost always.
    const prefix = Float64Array.from({ length: count }, (_, i) => bytes.readUIntBE(i * size + 1, 6));
    const keyOf = (i: number) => bytes.subarray(i * size, i * size + KEY);
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (x, y) => (prefix[x] as number) - (prefix[y] as number) || Buffer.compare(keyOf(x), keyOf(y)) || x - y,
    );
    let group: Float64Array[] = [];
    let before = -1;
    for (const i of order) {
      const isSame = before >= 0 && prefix[i] === prefix[before] && keyOf(i).equals(keyOf(before));
      if (!isSame && group.length > 0) {
        yield group;
        group = [];
      }
      group.push(Float64Array.from({ length: this.#width }, (_, n) => bytes.readDoubleLE(i * size + KEY + n * 8)));
      before = i;
    }
    if (group.length > 0) yield group;
  }
}
