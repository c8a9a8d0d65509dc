import { crc32 } from 'node:zlib';
import { concatBytes } from '@custody/bytes';
import { usage } from './errors.ts';

/** PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.5.3. */
const [LOCAL, CENTRAL, END, END64, LOCATOR64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const EXTRA64 = 1;
/** Names are ASCII, which bit 11 calls UTF-8. */
const UTF8_NAMES = 0x800;
const [VERSION, VERSION64] = [20, 45];
/** No ZIP says when it was made: every member has the first day that ZIP can tell, 1 January 1980. */
const NO_DATE = 0x21;
/** A regular file that everybody may read, made on Unix. */
const [UNIX, MODE] = [3 << 8, (0o100644 << 16) >>> 0];
const U32_MAX = 0xffffffff;

/** Bytes of a member in order; called twice, it gives the same. */
export type ZipPieces = () => Iterable<Uint8Array>;

/**
 * A ZIP as it is written, member after member, uncompressed: the same members give the same bytes. Of what was written
 * only the directory is kept. Throws UsageError EXHIBIT_TOO_LARGE for a member of 4 GiB, and from 4 GiB of all unless
 * `isLarge` (an exhibit's verifiers read no more).
 */
export class StoredZip {
  readonly #directory: Uint8Array[] = [];
  readonly #isLarge: boolean;
  #length = 0;

  constructor(isLarge = false) {
    this.#isLarge = isLarge;
  }

  *member(name: string, pieces: ZipPieces): Generator<Uint8Array> {
    let length = 0;
    let sum = 0;
    for (const piece of pieces()) {
      length += piece.length;
      sum = crc32(piece, sum);
    }
    const offset = this.#length;
    if (length >= U32_MAX || (offset >= U32_MAX && !this.#isLarge))
      throw usage('EXHIBIT_TOO_LARGE', 'an exhibit has less than 4 GiB: choose fewer items or --media hash');
    const { local, central } = headers(name, { length, sum, offset });
    this.#directory.push(central);
    this.#length += local.length + length;
    yield local;
    yield* pieces();
  }

  *end(): Generator<Uint8Array> {
    yield* this.#directory;
    const size = this.#directory.reduce((sum, record) => sum + record.length, 0);
    yield endOf(this.#directory.length, this.#length, size);
  }
}

interface About {
  readonly length: number;
  readonly sum: number;
  readonly offset: number;
}

function headers(name: string, { length, sum, offset }: About): { local: Uint8Array; central: Uint8Array } {
  const nameBytes = new TextEncoder().encode(name);
  const isFar = offset >= U32_MAX;
  const common = (extra: number) => {
    const out = Buffer.alloc(26);
    out.writeUInt16LE(isFar ? VERSION64 : VERSION, 0);
    out.writeUInt16LE(UTF8_NAMES, 2);
    out.writeUInt16LE(NO_DATE, 8);
    out.writeUInt32LE(sum, 10);
    out.writeUInt32LE(length, 14);
    out.writeUInt32LE(length, 18);
    out.writeUInt16LE(nameBytes.length, 22);
    out.writeUInt16LE(extra, 24);
    return out;
  };
  const extra = Buffer.alloc(isFar ? 12 : 0);
  if (isFar) {
    extra.writeUInt16LE(EXTRA64, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(offset), 4);
  }
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(MODE, 6);
  tail.writeUInt32LE(Math.min(offset, U32_MAX), 10);
  // Joined to arrays of their own: a piece of a pooled buffer would keep its whole pool in memory.
  return {
    local: concatBytes([u32(LOCAL), common(0), nameBytes]),
    central: concatBytes([u32(CENTRAL), u16(UNIX | VERSION), common(extra.length), tail, nameBytes, extra]),
  };
}

function endOf(count: number, start: number, length: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(length, U32_MAX), 12);
  end.writeUInt32LE(Math.min(start, U32_MAX), 16);
  if (count < 0xffff && start < U32_MAX && length < U32_MAX) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(END64, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(VERSION64, 12);
  end64.writeUInt16LE(VERSION64, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(length), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(LOCATOR64, 0);
  locator.writeBigUInt64LE(BigInt(start + length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
