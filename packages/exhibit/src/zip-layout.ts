import { utf8Decode } from '@custody/bytes';
import { malformed } from './errors.ts';

/** A member of a ZIP of stored members: where its bytes are in the file. */
export interface StoredMember {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}

/** PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const [LOCAL_LENGTH, CENTRAL_LENGTH, END_LENGTH, END64_LENGTH, LOCATOR64_LENGTH] = [30, 46, 22, 56, 20];
/** APPNOTE 4.4.4: encryption is bit 0, and bit 6 for strong encryption. */
const ENCRYPTED = 0x41;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,250}$/;
/** A stranger hands the file over. */
const MOST_MEMBERS = 200_000;

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Members of a ZIP in order, each byte of the file accounted for: local headers, data and directory follow one another
 * without a gap, so that no two readers can see two different exhibits. Throws EXHIBIT_MALFORMED for all that no exhibit
 * has: names that lead out, duplicates, compression, encryption, lengths that are not true, comments.
 */
export function readZipLayout(zip: Uint8Array): StoredMember[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
  const directory = readEnd(view);
  if (directory.count > MOST_MEMBERS) throw broken(`more than ${MOST_MEMBERS} members`);
  const members: StoredMember[] = [];
  const names = new Set<string>();
  let at = directory.start;
  let data = 0;
  for (let i = 0; i < directory.count; i++) {
    const { member, next, dataEnd } = readMember({ zip, view, directory }, at, data);
    if (names.has(member.name)) throw broken(`${member.name} is in the ZIP twice`);
    names.add(member.name);
    members.push(member);
    at = next;
    data = dataEnd;
  }
  if (at !== directory.end) throw broken('its directory is longer than what it lists');
  if (data !== directory.start) throw broken('it has bytes between the members and the directory');
  return members;
}

/** Bytes of every member of a ZIP that lies in memory, by name. */
export function readZipBytes(zip: Uint8Array): Map<string, Uint8Array> {
  return new Map(readZipLayout(zip).map(({ name, start, length }) => [name, zip.subarray(start, start + length)]));
}

function readEnd(view: DataView): Directory {
  const at = view.byteLength - END_LENGTH;
  if (at < 0 || view.getUint32(at, true) !== END) throw broken('it does not end as a ZIP file without a comment does');
  if (view.getUint16(at + 20, true) !== 0) throw broken('it has a comment');
  if (view.getUint32(at + 4, true) !== 0) throw broken('it has several parts');
  const count = view.getUint16(at + 10, true);
  const length = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) return readEnd64(view, at);
  if (view.getUint16(at + 8, true) !== count || start + length !== at)
    throw broken('its directory is not in its place');
  return { count, start, end: at };
}

function readEnd64(view: DataView, end: number): Directory {
  const locator = end - LOCATOR64_LENGTH;
  const at = locator - END64_LENGTH;
  if (at < 0 || view.getUint32(locator, true) !== LOCATOR64 || view.getUint32(at, true) !== END64)
    throw broken('it has ZIP64 counts without their record');
  const count = Number(view.getBigUint64(at + 32, true));
  const length = Number(view.getBigUint64(at + 40, true));
  const start = Number(view.getBigUint64(at + 48, true));
  if (Number(view.getBigUint64(locator + 8, true)) !== at || start + length !== at)
    throw broken('its directory is not in its place');
  return { count, start, end: at };
}

interface Source {
  readonly zip: Uint8Array;
  readonly view: DataView;
  readonly directory: Directory;
}

/** One record of the directory at `at`, whose local header must stand at `data`. */
function readMember({ zip, view, directory }: Source, at: number, data: number) {
  if (at + CENTRAL_LENGTH > directory.end || view.getUint32(at, true) !== CENTRAL)
    throw broken('its directory lists fewer members than it says');
  const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
    number,
    number,
    number,
  ];
  const next = at + CENTRAL_LENGTH + nameLength + extra + comment;
  if (next > directory.end) throw broken('a record of its directory is cut off');
  const name = nameOf(zip.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength));
  if (extra + comment !== 0) throw broken(`${name} has fields that no exhibit has`);
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) throw broken(`${name} is encrypted`);
  if (view.getUint16(at + 10, true) !== 0)
    throw broken(`${name} is compressed: an exhibit's members are stored as they are`);
  const length = view.getUint32(at + 24, true);
  if (view.getUint32(at + 20, true) !== length) throw broken(`${name} has two different lengths`);
  if (view.getUint32(at + 42, true) !== data) throw broken(`${name} is not in its place`);
  const start = data + LOCAL_LENGTH + nameLength;
  if (start + length > directory.start) throw broken(`${name} claims more bytes than the file has`);
  // The local header says the same: version, flags, method, time, sum, lengths, name, and no extra field.
  const same =
    view.getUint32(data, true) === LOCAL &&
    view.getUint16(data + 28, true) === 0 &&
    equalRange(zip, [at + 6, at + 30], data + 4) &&
    equalRange(zip, [at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength], data + LOCAL_LENGTH);
  if (!same) throw broken(`${name} is one thing in the directory and another before its data`);
  return { member: { name, start, length }, next, dataEnd: start + length };
}

function equalRange(zip: Uint8Array, [from, to]: readonly [number, number], other: number): boolean {
  for (let i = 0; i < to - from; i++) if (zip[from + i] !== zip[other + i]) return false;
  return true;
}

function nameOf(bytes: Uint8Array): string {
  let name = '';
  try {
    name = utf8Decode(bytes);
  } catch {
    throw broken('a member has a name that is not UTF-8');
  }
  if (!NAME.test(name) || name.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw broken(`a member has a name that no exhibit has: ${JSON.stringify(name.slice(0, 80))}`);
  return name;
}

function broken(why: string): Error {
  return malformed(`its ZIP file is not one that custody writes: ${why}`);
}
