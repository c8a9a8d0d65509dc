import { crc32 } from 'node:zlib';
import { ByteReader, CustodyError, utf8DecodeLossy } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { Inflater } from './inflater.ts';
import type { OutputLimits } from './plaintext-sink.ts';

/** APPNOTE.TXT 4.3.16: end of central directory, with a comment of at most 65,535 bytes. */
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const LARGEST_DIRECTORY = 64 * 2 ** 20;
const CHUNK = 1024 * 1024;

export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly headerAt: number;
}

/** The members of a ZIP by its central directory; null where it has none that can be read. */
export function readZipDirectory(zip: ByteSource): readonly ZipMember[] | null {
  const tailStart = Math.max(0, zip.length - END_LENGTH - LONGEST_COMMENT);
  const tail = zip.read(tailStart, END_LENGTH + LONGEST_COMMENT);
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail[at + 1] !== 0x4b || tail[at + 2] !== 5 || tail[at + 3] !== 6) continue;
    const end = new ByteReader(tail, at + 10);
    const count = end.u16le();
    const size = end.u32le();
    const start = end.u32le();
    if (size > LARGEST_DIRECTORY || start + size > tailStart + at) continue;
    return readMembers(zip.read(start, size), count);
  }
  return null;
}

function readMembers(directory: Uint8Array, count: number): readonly ZipMember[] | null {
  const reader = new ByteReader(directory);
  const members: ZipMember[] = [];
  try {
    for (let i = 0; i < count; i++) {
      if (reader.u32le() !== 0x02014b50) return null;
      reader.skip(6);
      const method = reader.u16le();
      reader.skip(4);
      const [crc, packed, size] = [reader.u32le(), reader.u32le(), reader.u32le()];
      const [nameLength, extraLength, commentLength] = [reader.u16le(), reader.u16le(), reader.u16le()];
      reader.skip(8);
      const headerAt = reader.u32le();
      const name = utf8DecodeLossy(reader.bytes(nameLength));
      reader.skip(extraLength + commentLength);
      members.push({ name, method, crc, packed, size, headerAt });
    }
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
  return members;
}

export type Extracted =
  | { readonly handle: ScratchHandle; readonly crcMatches: boolean; discard(): void }
  | { readonly problem: string };

/** Unpacks one member into a scratch file of its own. */
export async function extractMember(
  zip: ByteSource,
  member: ZipMember,
  options: { scratch: Scratch; limits: OutputLimits },
): Promise<Extracted> {
  const start = bodyStart(zip, member);
  if (start === null) return { problem: 'its local header cannot be read' };
  if (member.method !== 0 && member.method !== 8) return { problem: `compression method ${member.method} is unknown` };
  const most = Math.min(options.limits.bytes, options.limits.free + member.packed * options.limits.ratio);
  const file = options.scratch.create();
  let crc = 0;
  let limitReached = false;
  const append = (bytes: Uint8Array): boolean => {
    limitReached ||= file.length + bytes.length > most;
    if (limitReached) return false;
    crc = crc32(bytes, crc);
    file.append(bytes);
    return true;
  };
  const inflater = member.method === 8 ? new Inflater('raw', append) : null;
  for (let at = start; at < start + member.packed && !limitReached; ) {
    const chunk = zip.read(at, Math.min(CHUNK, start + member.packed - at));
    if (chunk.length === 0) break;
    if (inflater === null) append(chunk);
    else await inflater.write(chunk);
    at += chunk.length;
  }
  const ended = inflater === null ? 'complete' : await inflater.end();
  if (ended === 'complete' && !limitReached) {
    return { handle: file.finish(), crcMatches: crc === member.crc, discard: () => file.discard() };
  }
  file.discard();
  return { problem: limitReached ? 'it unpacks to more than the limit' : `its compressed data are ${ended}` };
}

/** APPNOTE.TXT 4.3.7: the local header repeats name and extra field with lengths of its own. */
function bodyStart(zip: ByteSource, member: ZipMember): number | null {
  const header = zip.read(member.headerAt, 30);
  if (header.length < 30) return null;
  const reader = new ByteReader(header);
  if (reader.u32le() !== 0x04034b50) return null;
  reader.skip(22);
  return member.headerAt + 30 + reader.u16le() + reader.u16le();
}
