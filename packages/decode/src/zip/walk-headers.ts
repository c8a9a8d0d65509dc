import { ByteReader } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import { memberOf } from './header-fields.ts';
import * as layout from './layout.ts';
import type { ZipMember } from './zip-member.ts';

const PIECE = 1024 * 1024;

/** A member that begins here, and where the next header would stand. */
interface Walked {
  readonly member: ZipMember;
  readonly next: number;
}

/** The members of a ZIP without its directory: local headers one after the other, as far as they lead. */
export function walkHeaders(zip: ByteSource): { readonly members: ZipMember[]; readonly problems: string[] } {
  const members: ZipMember[] = [];
  const problems: string[] = [];
  for (let at = 0; at < zip.length; ) {
    const walked = readHeader(zip, at);
    if (walked === 'end') break;
    if (walked === null) {
      const next = find(zip, at + 1, [layout.LOCAL_HEADER]);
      problems.push(`Bytes ${at} to ${next ?? zip.length} belong to no member that can be read.`);
      if (next === null) break;
      at = next;
      continue;
    }
    members.push(walked.member);
    at = walked.next;
  }
  return { members, problems };
}

function readHeader(zip: ByteSource, at: number): Walked | 'end' | null {
  const fixed = zip.read(at, layout.LOCAL_HEADER_LENGTH);
  if (fixed.length < 4) return null;
  const signature = new ByteReader(fixed).u32le();
  if (signature === layout.CENTRAL_HEADER || signature === layout.END_RECORD || signature === layout.ZIP64_END) {
    return 'end';
  }
  if (signature !== layout.LOCAL_HEADER || fixed.length < layout.LOCAL_HEADER_LENGTH) return null;
  const reader = new ByteReader(fixed, 6);
  const [flags, method] = [reader.u16le(), reader.u16le()];
  reader.skip(4);
  const [crc, packed, size] = [reader.u32le(), reader.u32le(), reader.u32le()];
  const [nameLength, extraLength] = [reader.u16le(), reader.u16le()];
  const names = zip.read(at + layout.LOCAL_HEADER_LENGTH, nameLength + extraLength);
  if (names.length < nameLength + extraLength) return null;
  const numbers = { flags, method, crc, packed, size, headerAt: at };
  const member = memberOf(numbers, names.subarray(0, nameLength), names.subarray(nameLength));
  const body = at + layout.LOCAL_HEADER_LENGTH + names.length;
  if ((flags & layout.FLAG_DESCRIPTOR) !== 0 && member.packed === 0) return withDescriptor(zip, member, body);
  return { member, next: Math.min(zip.length, body + member.packed) };
}

/** The sizes stand behind the content (APPNOTE 4.3.9): the descriptor is the one that says the distance to itself. */
function withDescriptor(zip: ByteSource, member: ZipMember, body: number): Walked {
  for (let from = body; ; ) {
    const at = find(zip, from, [layout.DATA_DESCRIPTOR]);
    if (at === null) {
      // Cut off: the content reaches to the next header, or to the end of what is there.
      const next = find(zip, body, [layout.LOCAL_HEADER, layout.CENTRAL_HEADER]) ?? zip.length;
      return { member: { ...member, packed: zip.length - body + 1 }, next };
    }
    const found = descriptor(zip, at, at - body);
    if (found !== null) return { member: { ...member, ...found.sizes }, next: found.next };
    from = at + 1;
  }
}

function descriptor(zip: ByteSource, at: number, distance: number) {
  const bytes = zip.read(at, 24);
  if (bytes.length < 16) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const crc = view.getUint32(4, true);
  if (bytes.length >= 24 && view.getBigUint64(8, true) === BigInt(distance) && view.getUint32(12, true) === 0) {
    const size = Number(view.getBigUint64(16, true));
    if (size <= Number.MAX_SAFE_INTEGER) return { sizes: { crc, packed: distance, size }, next: at + 24 };
  }
  if (view.getUint32(8, true) !== distance) return null;
  return { sizes: { crc, packed: distance, size: view.getUint32(12, true) }, next: at + 16 };
}

/** Where one of these signatures begins, from `from` on. */
function find(zip: ByteSource, from: number, signatures: readonly number[]): number | null {
  for (let start = from; start < zip.length; start += PIECE) {
    const piece = zip.read(start, PIECE + 3);
    const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
    for (let at = piece.indexOf(0x50); at >= 0 && at + 4 <= piece.length; at = piece.indexOf(0x50, at + 1)) {
      if (signatures.includes(view.getUint32(at, true))) return start + at;
    }
  }
  return null;
}
