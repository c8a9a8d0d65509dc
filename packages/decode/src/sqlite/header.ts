import { u16, u32 } from './big-endian-read.ts';
import { headerInvalid, notADatabase } from './errors.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The database header, https://www.sqlite.org/fileformat2.html#the_database_header */
export interface SqliteHeader {
  readonly pageSize: number;
  /** Bytes at the end of each page that are not SQLite's (section 1.3.4). */
  readonly reserved: number;
  /** `pageSize - reserved`: what b-tree arithmetic is done with. */
  readonly usable: number;
  /** Pages that the header declares; 0 where the writer did not keep the field valid (section 1.3.7). */
  readonly declaredPages: number;
  readonly firstFreeTrunk: number;
  readonly freePages: number;
  readonly encoding: TextEncoding;
  /** True with pointer-map pages (auto-vacuum or incremental vacuum, section 1.8). */
  readonly pointerMaps: boolean;
  readonly schemaFormat: number;
  readonly userVersion: number;
  readonly applicationId: number;
  /** SQLITE_VERSION_NUMBER of the library that wrote last. */
  readonly writerVersion: number;
  /** Fields that disagree with the format but do not keep the pages from being read. */
  readonly oddities: readonly string[];
}

/** Section 1.3: the header takes the first 100 bytes of page 1. */
export const HEADER_LENGTH = 100;

/** Section 1.3.1: "SQLite format 3" and a zero. */
const MAGIC = 'SQLite format 3\0';

/** Section 1.3.4: the usable size is not allowed to be less than 480. */
const LEAST_USABLE = 480;

/**
 * Reads the header from the first 100 bytes. Throws FormatError SQLITE_NOT_A_DATABASE, or SQLITE_HEADER_INVALID where
 * pages cannot even be told apart.
 */
export function readHeader(bytes: Uint8Array): SqliteHeader {
  if (bytes.length < HEADER_LENGTH) throw notADatabase(`it has ${bytes.length} bytes, a header has ${HEADER_LENGTH}`);
  for (let i = 0; i < MAGIC.length; i++) {
    if (bytes[i] !== MAGIC.charCodeAt(i)) throw notADatabase('it does not begin with the words "SQLite format 3"');
  }
  const pageSize = readPageSize(bytes);
  const reserved = bytes[20]!;
  if (pageSize - reserved < LEAST_USABLE) throw headerInvalid(`${reserved} bytes of each page are reserved`);
  return {
    pageSize,
    reserved,
    usable: pageSize - reserved,
    // Section 1.3.7: valid only where the change counter at 24 equals the version-valid-for number at 92.
    declaredPages: u32(bytes, 24) === u32(bytes, 92) ? u32(bytes, 28) : 0,
    firstFreeTrunk: u32(bytes, 32),
    freePages: u32(bytes, 36),
    encoding: readEncoding(bytes),
    pointerMaps: u32(bytes, 52) !== 0,
    schemaFormat: u32(bytes, 44),
    userVersion: u32(bytes, 60),
    applicationId: u32(bytes, 68),
    writerVersion: u32(bytes, 96),
    oddities: oddities(bytes),
  };
}

/** Section 1.3.2: a power of two from 512 to 32768, or 1 for 65536. */
function readPageSize(bytes: Uint8Array): number {
  const field = u16(bytes, 16);
  const size = field === 1 ? 65536 : field;
  if (size < 512 || (size & (size - 1)) !== 0) throw headerInvalid(`${size} is no page size`);
  return size;
}

/** Section 1.3.13; 0 in a database in which nothing was ever created. */
function readEncoding(bytes: Uint8Array): TextEncoding {
  const code = u32(bytes, 56);
  return code === 2 ? 'utf-16le' : code === 3 ? 'utf-16be' : 'utf-8';
}

function oddities(bytes: Uint8Array): string[] {
  const found: string[] = [];
  // Section 1.3.3: a reader must not read files whose read version is above 2; 1 is legacy, 2 is WAL.
  if (bytes[19]! > 2) found.push(`the read version is ${bytes[19]}, known are 1 and 2`);
  // Section 1.3.5: these three never differ.
  if (bytes[21] !== 64 || bytes[22] !== 32 || bytes[23] !== 32) found.push('the payload fractions are not 64, 32, 32');
  if (u32(bytes, 56) > 3) found.push(`the text encoding is ${u32(bytes, 56)}, known are 1 to 3; UTF-8 is assumed`);
  return found;
}
