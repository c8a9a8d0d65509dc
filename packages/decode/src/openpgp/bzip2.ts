import { PgpMalformed } from './octets.ts';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const MOST_CODE = 20;

/** Bits from the left. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #bit = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  take(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new PgpMalformed('bzip2 data end early');
      const here = Math.min(left, 8 - this.#bit);
      value = value * 2 ** here + ((byte >> (8 - this.#bit - here)) & ((1 << here) - 1));
      this.#bit += here;
      left -= here;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.#at++;
      }
    }
    return value;
  }
}

/** The content of one bzip2 stream, at most `most` bytes; null beyond. Throws PgpMalformed. */
export function bunzip2(bytes: Uint8Array, most: number): Uint8Array | null {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x5a || bytes[2] !== 0x68) throw new PgpMalformed('no bzip2 header');
  const level = (bytes[3] as number) - 0x30;
  if (level < 1 || level > 9) throw new PgpMalformed('no bzip2 header');
  const bits = new Bits(bytes, 4);
  const out = new Output(most);
  for (;;) {
    const magic = bits.take(48);
    const crc = bits.take(32);
    if (magic === END_MAGIC) return out.view();
    if (magic !== BLOCK_MAGIC) throw new PgpMalformed('no bzip2 block where one must be');
    if (!readBlock(bits, level * 100_000, out, crc)) return null;
  }
}

class Output {
  readonly #most: number;
  #bytes = new Uint8Array(65536);
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  push(byte: number, times: number): boolean {
    if (this.#length + times > this.#most) return false;
    while (this.#length + times > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.fill(byte, this.#length, this.#length + times);
    this.#length += times;
    return true;
  }

  view(from = 0): Uint8Array {
    return this.#bytes.subarray(from, this.#length);
  }
}

function readBlock(bits: Bits, size: number, out: Output, crc: number): boolean {
  if (bits.take(1) === 1) throw new PgpMalformed('a randomised bzip2 block');
  const origin = bits.take(24);
  const { column, length } = readColumn(bits, size);
  if (origin >= length) throw new PgpMalformed('a bzip2 block that begins outside itself');
  const from = out.length;
  if (!unsort(column, { length, origin }, out)) return false;
  if (crcOf(out.view(from)) !== crc) throw new PgpMalformed('a bzip2 block whose checksum does not fit');
  return true;
}

/** The last column of the sorted block: Huffman codes, move to front, runs of zeros. */
function readColumn(bits: Bits, size: number): { column: Uint8Array; length: number } {
  const front = readAlphabet(bits);
  const groups = bits.take(3);
  const selectors = readSelectors(bits, groups);
  const codes = Array.from({ length: groups }, () => readCode(bits, front.length + 2));
  const column = new Uint8Array(size);
  const end = front.length + 1;
  let length = 0;
  let run = 0;
  let step = 1;
  const fill = () => {
    if (run === 0) return;
    if (length + run > size) throw new PgpMalformed('a bzip2 block longer than it may be');
    column.fill(front[0] as number, length, length + run);
    length += run;
    run = 0;
    step = 1;
  };
  for (let i = 0; ; i++) {
    const selector = selectors[Math.floor(i / 50)];
    const code = selector === undefined ? undefined : codes[selector];
    if (code === undefined) throw new PgpMalformed('a bzip2 block without its code');
    const symbol = nextSymbol(bits, code);
    if (symbol <= 1) {
      run += step << symbol;
      step <<= 1;
      if (run > size) throw new PgpMalformed('a bzip2 block longer than it may be');
      continue;
    }
    fill();
    if (symbol === end) return { column, length };
    if (length >= size) throw new PgpMalformed('a bzip2 block longer than it may be');
    const [byte] = front.splice(symbol - 1, 1) as [number];
    front.unshift(byte);
    column[length++] = byte;
  }
}

function readAlphabet(bits: Bits): number[] {
  const used = bits.take(16);
  const bytes: number[] = [];
  for (let high = 0; high < 16; high++) {
    if ((used & (0x8000 >> high)) === 0) continue;
    const row = bits.take(16);
    for (let low = 0; low < 16; low++) if ((row & (0x8000 >> low)) !== 0) bytes.push(high * 16 + low);
  }
  if (bytes.length === 0) throw new PgpMalformed('a bzip2 block without symbols');
  return bytes;
}

function readSelectors(bits: Bits, groups: number): Uint8Array {
  if (groups < 2 || groups > 6) throw new PgpMalformed('a bzip2 block with a wrong number of codes');
  const order = Array.from({ length: groups }, (_, i) => i);
  const selectors = new Uint8Array(bits.take(15));
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= groups) throw new PgpMalformed('a bzip2 block with a wrong selector');
    const [chosen] = order.splice(place, 1) as [number];
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  return selectors;
}

interface Code {
  /** By length: the first code, how many there are, and where their symbols begin. */
  readonly first: number[];
  readonly count: number[];
  readonly start: number[];
  readonly symbols: number[];
}

function readCode(bits: Bits, symbols: number): Code {
  const lengths: number[] = [];
  let length = bits.take(5);
  for (let i = 0; i < symbols; i++) {
    while (bits.take(1) === 1) length += bits.take(1) === 1 ? -1 : 1;
    if (length < 1 || length > MOST_CODE) throw new PgpMalformed('a bzip2 code of a wrong length');
    lengths.push(length);
  }
  const code: Code = { first: [], count: [], start: [], symbols: [] };
  let next = 0;
  for (let size = 1; size <= MOST_CODE; size++) {
    code.first[size] = next;
    code.start[size] = code.symbols.length;
    lengths.forEach((one, symbol) => {
      if (one === size) code.symbols.push(symbol);
    });
    code.count[size] = code.symbols.length - (code.start[size] as number);
    next = (next + (code.count[size] as number)) << 1;
  }
  return code;
}

function nextSymbol(bits: Bits, { first, count, start, symbols }: Code): number {
  let value = 0;
  for (let size = 1; size <= MOST_CODE; size++) {
    value = (value << 1) | bits.take(1);
    const place = value - (first[size] as number);
    if (place >= 0 && place < (count[size] as number)) return symbols[(start[size] as number) + place] as number;
  }
  throw new PgpMalformed('a bzip2 code that stands for nothing');
}

/** Inverse of the Burrows-Wheeler transform, then the first run-length coding. */
function unsort(column: Uint8Array, { length, origin }: { length: number; origin: number }, out: Output): boolean {
  const counts = new Uint32Array(257);
  for (let i = 0; i < length; i++)
    counts[(column[i] as number) + 1] = (counts[(column[i] as number) + 1] as number) + 1;
  for (let i = 1; i < 257; i++) counts[i] = (counts[i] as number) + (counts[i - 1] as number);
  const next = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const byte = column[i] as number;
    next[counts[byte] as number] = i;
    counts[byte] = (counts[byte] as number) + 1;
  }
  let at = next[origin] as number;
  let last = -1;
  let same = 0;
  for (let i = 0; i < length; i++) {
    const byte = column[at] as number;
    at = next[at] as number;
    if (same === 4) {
      if (!out.push(last, byte)) return false;
      same = 0;
      last = -1;
      continue;
    }
    same = byte === last ? same + 1 : 1;
    last = byte;
    if (!out.push(byte, 1)) return false;
  }
  return true;
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return ~crc >>> 0;
}
