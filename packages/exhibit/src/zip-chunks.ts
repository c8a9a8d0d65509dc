import { crc32 } from 'node:zlib';
import { usage } from './errors.ts';

/** PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16. */
const [LOCAL, CENTRAL, END, END64, LOCATOR64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
/** Names are ASCII, which bit 11 calls UTF-8. */
const UTF8_NAMES = 0x800;
const [VERSION, VERSION64] = [20, 45];
/** No exhibit says when it was made: every member has the first day that ZIP can tell, 1 January 1980. */
const NO_DATE = 0x21;
/** A regular file that everybody may read, made on Unix. */
const [UNIX, MODE] = [3 << 8, (0o100644 << 16) >>> 0];
const U32_MAX = 0xffffffff;

/**
 * A ZIP as it is written, members sorted by name and uncompressed: the same exhibit gives the same bytes. Throws UsageError
 * EXHIBIT_TOO_LARGE from 4 GiB.
 */
export function* zipChunks(members: ReadonlyMap<string, Uint8Array>): Generator<Uint8Array> {
  const directory: Buffer[] = [];
  let length = 0;
  for (const name of [...members.keys()].sort()) {
    const bytes = members.get(name) as Uint8Array;
    const { local, central } = headers(name, bytes, length);
    yield local;
    yield bytes;
    length += local.length + bytes.length;
    directory.push(central);
  }
  yield* directory;
  const size = directory.reduce((sum, record) => sum + record.length, 0);
  yield endOf(directory.length, length, size);
}

function headers(name: string, bytes: Uint8Array, offset: number): { local: Buffer; central: Buffer } {
  const nameBytes = Buffer.from(name);
  if (bytes.length >= U32_MAX || offset >= U32_MAX)
    throw usage('EXHIBIT_TOO_LARGE', 'an exhibit has less than 4 GiB: choose fewer items or --media hash');
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(VERSION, 0);
  shared.writeUInt16LE(UTF8_NAMES, 2);
  shared.writeUInt16LE(NO_DATE, 8);
  shared.writeUInt32LE(crc32(bytes), 10);
  shared.writeUInt32LE(bytes.length, 14);
  shared.writeUInt32LE(bytes.length, 18);
  shared.writeUInt16LE(nameBytes.length, 22);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(MODE, 6);
  tail.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([u32(LOCAL), shared, nameBytes]),
    central: Buffer.concat([u32(CENTRAL), u16(UNIX | VERSION), shared, tail, nameBytes]),
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
