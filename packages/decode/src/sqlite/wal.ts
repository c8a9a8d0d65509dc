import type { ByteSource } from '../byte-source.ts';
import { u32 } from './big-endian-read.ts';
import { plainBytes } from './file-pages.ts';

/** What was found in a write-ahead log. Frames are counted once each; all but `applied - superseded` were not read. */
export interface WalReport {
  /** Whole frames that the file has room for. */
  readonly frames: number;
  /** Frames up to the last valid commit. */
  readonly applied: number;
  /** Applied frames whose page is there again in a later one: older states of pages. */
  readonly superseded: number;
  /** Valid frames behind the last commit. */
  readonly uncommitted: number;
  /** Frames left over from before the log was begun anew: their salts are others. */
  readonly leftOver: number;
  /** Frames of this log from the first on whose checksum is wrong. SQLite ignores them as well. */
  readonly damaged: number;
  /** Bytes behind the last whole frame. */
  readonly trailingBytes: number;
  /** Why the log as a whole could not be used; null where it could. */
  readonly refused: string | null;
}

/** A write-ahead log that was checked frame by frame. */
export interface WalIndex {
  readonly pageSize: number;
  /** Page to the offset of its newest committed bytes in the log. */
  readonly pages: ReadonlyMap<number, number>;
  /** Size of the database in pages after the last commit; 0 without one. */
  readonly pageCount: number;
  readonly report: WalReport;
}

/** https://www.sqlite.org/fileformat2.html#wal_file_format */
const HEADER_LENGTH = 32;
const FRAME_HEADER_LENGTH = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;
const VERSION = 3007000;

/** Two 32-bit sums that run through the file (section 4.2). */
interface Sums {
  first: number;
  second: number;
}

/** Reads a write-ahead log: which frames count and where each page's newest bytes stand. */
export function readWal(source: ByteSource): WalIndex {
  const header = plainBytes(source.read(0, HEADER_LENGTH));
  const refused = refusal(header);
  if (refused !== null) return refusedWal(source.length, refused);
  const pageSize = u32(header, 8);
  const sums: Sums = { first: 0, second: 0 };
  const littleEndian = u32(header, 0) === MAGIC_LITTLE_ENDIAN;
  addSums(sums, header, 0, 24, littleEndian);
  if (sums.first !== u32(header, 24) || sums.second !== u32(header, 28)) {
    return refusedWal(source.length, 'the checksum of its header is wrong');
  }
  return readFrames(source, header, { pageSize, sums, littleEndian });
}

/** The log's header where nothing can follow from it; null where it can be used. */
function refusal(header: Uint8Array): string | null {
  if (header.length < HEADER_LENGTH) return header.length === 0 ? 'it is empty' : 'it is shorter than its header';
  const magic = u32(header, 0);
  if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return 'it does not begin as a write-ahead log does';
  if (u32(header, 4) !== VERSION) return `its format version is ${u32(header, 4)}, known is ${VERSION}`;
  const pageSize = u32(header, 8);
  const valid = pageSize >= 512 && pageSize <= 65536 && (pageSize & (pageSize - 1)) === 0;
  return valid ? null : `${pageSize} is no page size`;
}

function refusedWal(length: number, refused: string): WalIndex {
  const none = { frames: 0, applied: 0, superseded: 0, uncommitted: 0, leftOver: 0, damaged: 0 };
  return { pageSize: 0, pages: new Map(), pageCount: 0, report: { ...none, trailingBytes: length, refused } };
}

interface Begun {
  readonly pageSize: number;
  readonly sums: Sums;
  readonly littleEndian: boolean;
}

function readFrames(source: ByteSource, header: Uint8Array, begun: Begun): WalIndex {
  const { pageSize, sums, littleEndian } = begun;
  const frameLength = FRAME_HEADER_LENGTH + pageSize;
  const frames = Math.floor((source.length - HEADER_LENGTH) / frameLength);
  const committed = new Map<number, number>();
  let pending = new Map<number, number>();
  let pageCount = 0;
  let applied = 0;
  let ownSalts = true;
  let at = 0;
  for (; at < frames; at++) {
    const offset = HEADER_LENGTH + at * frameLength;
    const frame = plainBytes(source.read(offset, frameLength));
    if (frame.length < frameLength) break;
    // Section 4.1: a frame counts while its salts are the header's and its checksum continues the sums.
    ownSalts = u32(frame, 8) === u32(header, 16) && u32(frame, 12) === u32(header, 20);
    if (!ownSalts || u32(frame, 0) === 0) break;
    addSums(sums, frame, 0, 8, littleEndian);
    addSums(sums, frame, FRAME_HEADER_LENGTH, frameLength, littleEndian);
    if (sums.first !== u32(frame, 16) || sums.second !== u32(frame, 20)) break;
    pending.set(u32(frame, 0), offset + FRAME_HEADER_LENGTH);
    if (u32(frame, 4) === 0) continue;
    for (const [page, place] of pending) committed.set(page, place);
    pending = new Map();
    pageCount = u32(frame, 4);
    applied = at + 1;
  }
  const report: WalReport = {
    frames,
    applied,
    superseded: applied - committed.size,
    uncommitted: at - applied,
    leftOver: ownSalts ? 0 : frames - at,
    damaged: ownSalts ? frames - at : 0,
    trailingBytes: source.length - HEADER_LENGTH - frames * frameLength,
    refused: null,
  };
  return { pageSize, pages: committed, pageCount, report };
}

/** Section 4.2: over pairs of 32-bit words, in the byte order that the magic number names. */
function addSums(sums: Sums, bytes: Uint8Array, from: number, to: number, littleEndian: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let first = sums.first;
  let second = sums.second;
  for (let i = from; i < to; i += 8) {
    first = (first + view.getUint32(i, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(i + 4, littleEndian) + first) >>> 0;
  }
  sums.first = first;
  sums.second = second;
}
