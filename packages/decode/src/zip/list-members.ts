import { ByteReader, CustodyError } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import { memberOf, shownName } from './header-fields.ts';
import * as layout from './layout.ts';
import { walkHeaders } from './walk-headers.ts';
import type { ZipListing, ZipMember } from './zip-member.ts';

/** Renamed members that are named one by one. */
const MOST_RENAMED = 100;

interface DirectoryPlace {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

/**
 * The members of a ZIP by its central directory; where there is none that can be read (cut off, damaged), by the local
 * headers from the front. Every length is compared with what is there; nothing is unpacked. Never throws for damage.
 */
export function listMembers(zip: ByteSource): ZipListing {
  const place = findDirectory(zip);
  if (place === null) return byHeaders(zip, 'There is no central directory: the ZIP is cut off or its end is damaged.');
  const members = readDirectory(zip.read(place.start, place.size), zip.length);
  if (members === null) return byHeaders(zip, 'The central directory is damaged.');
  const problems: string[] = [];
  if (members.length !== place.count) {
    problems.push(`The end of the ZIP says ${place.count} members, its directory lists ${members.length}.`);
  }
  problems.push(...renamed(zip, members));
  return { members: numbered(members), from: 'directory', problems };
}

/** Members whose local header bears another name than the directory gives them: nothing authenticates either. */
function renamed(zip: ByteSource, members: readonly ZipMember[]): string[] {
  const problems: string[] = [];
  for (const { name, headerAt } of members) {
    const header = zip.read(headerAt, layout.LOCAL_HEADER_LENGTH);
    if (header.length < layout.LOCAL_HEADER_LENGTH || new ByteReader(header).u32le() !== layout.LOCAL_HEADER) continue;
    const local = shownName(zip.read(headerAt + layout.LOCAL_HEADER_LENGTH, new ByteReader(header, 26).u16le()));
    if (local !== name)
      problems.push(`A member is called ${quoted(name)} by the directory and ${quoted(local)} by its own header.`);
  }
  const more = problems.length - MOST_RENAMED;
  return more > 0 ? [...problems.slice(0, MOST_RENAMED), `So are ${more} more members.`] : problems;
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

function byHeaders(zip: ByteSource, problem: string): ZipListing {
  const walked = walkHeaders(zip);
  return { members: numbered(walked.members), from: 'headers', problems: [problem, ...walked.problems] };
}

/** APPNOTE 4.3.16: the end record stands within the last 65,557 bytes; the last one that fits counts. */
function findDirectory(zip: ByteSource): DirectoryPlace | null {
  const from = Math.max(0, zip.length - layout.END_LENGTH - layout.LONGEST_COMMENT);
  const tail = zip.read(from, zip.length - from);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = tail.length - layout.END_LENGTH; at >= 0; at--) {
    if (tail[at] !== 0x50 || view.getUint32(at, true) !== layout.END_RECORD) continue;
    const narrow = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const place = zip64End(zip, from + at) ?? narrow;
    if (place.size <= layout.LARGEST_DIRECTORY && place.start + place.size <= from + at) return place;
  }
  return null;
}

/** APPNOTE 4.3.14, 4.3.15. */
function zip64End(zip: ByteSource, endAt: number): DirectoryPlace | null {
  const locatorAt = endAt - layout.ZIP64_LOCATOR_LENGTH;
  if (locatorAt < 0) return null;
  const locator = new ByteReader(zip.read(locatorAt, layout.ZIP64_LOCATOR_LENGTH));
  if (locator.u32le() !== layout.ZIP64_LOCATOR) return null;
  locator.skip(4);
  const at = Number(locator.u64le());
  if (at + layout.ZIP64_END_LENGTH > locatorAt) return null;
  const end = new ByteReader(zip.read(at, layout.ZIP64_END_LENGTH));
  if (end.u32le() !== layout.ZIP64_END) return null;
  end.skip(28);
  return { count: Number(end.u64le()), size: Number(end.u64le()), start: Number(end.u64le()) };
}

/** The whole directory or null: what stands behind a damaged header has no beginning. */
function readDirectory(directory: Uint8Array, length: number): ZipMember[] | null {
  const reader = new ByteReader(directory);
  const members: ZipMember[] = [];
  try {
    while (reader.remaining > 0) {
      if (reader.u32le() !== layout.CENTRAL_HEADER) return null;
      reader.skip(4);
      const [flags, method] = [reader.u16le(), reader.u16le()];
      reader.skip(4);
      const [crc, packed, size] = [reader.u32le(), reader.u32le(), reader.u32le()];
      const [nameLength, extraLength, commentLength] = [reader.u16le(), reader.u16le(), reader.u16le()];
      reader.skip(8);
      const headerAt = reader.u32le();
      const name = reader.bytes(nameLength);
      const member = memberOf({ flags, method, crc, packed, size, headerAt }, name, reader.bytes(extraLength));
      reader.skip(commentLength);
      if (member.headerAt + layout.LOCAL_HEADER_LENGTH > length) return null;
      members.push(member);
    }
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
  return members;
}

function numbered(members: readonly ZipMember[]): ZipMember[] {
  const seen = new Map<string, number>();
  return members.map((member) => {
    const copy = (seen.get(member.name) ?? 0) + 1;
    seen.set(member.name, copy);
    return copy === 1 ? member : { ...member, copy };
  });
}
