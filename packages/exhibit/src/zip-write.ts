import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
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
/** Bytes gathered before they are written. */
const BATCH = 4 * 1024 ** 2;

/**
 * Writes members sorted by name and uncompressed: the same exhibit gives the same bytes. Returns the SHA-256 of the file
 * as hex. Throws UsageError EXHIBIT_EXISTS: an existing file is not replaced.
 */
export async function writeZip(path: string, members: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error);
  });
  try {
    const sink = new Sink(file);
    const directory: Buffer[] = [];
    for (const name of [...members.keys()].sort()) {
      const bytes = members.get(name) as Uint8Array;
      const offset = sink.length;
      const { local, central } = headers(name, bytes, offset);
      await sink.write(local);
      await sink.write(bytes);
      directory.push(central);
    }
    const start = sink.length;
    for (const record of directory) await sink.write(record);
    await sink.write(endOf(directory.length, start, sink.length - start));
    return await sink.finish();
  } catch (error) {
    // Only what was made here is taken away.
    await rm(path, { force: true });
    throw unwritable(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

class Sink {
  length = 0;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #batch: Uint8Array[] = [];
  #waiting = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.length += bytes.length;
    this.#batch.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting >= BATCH) await this.#flush();
  }

  async finish(): Promise<string> {
    await this.#flush();
    await this.#file.sync();
    return this.#hash.digest('hex');
  }

  async #flush(): Promise<void> {
    const all = Buffer.concat(this.#batch);
    this.#batch = [];
    this.#waiting = 0;
    for (let at = 0; at < all.length; ) at += (await this.#file.write(all, at)).bytesWritten;
  }
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

function unwritable(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EEXIST')
    return usage('EXHIBIT_EXISTS', `${path} exists already: an exhibit never replaces a file. Choose another --out`);
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return usage('EXHIBIT_UNWRITABLE', `${path}: the folder does not exist`);
  if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EISDIR')
    return usage('EXHIBIT_UNWRITABLE', `${path} cannot be written (${error.code}). Choose another --out`);
  return error;
}
