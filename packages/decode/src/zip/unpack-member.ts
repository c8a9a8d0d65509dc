import { crc32 } from 'node:zlib';
import { ByteReader } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import { Inflater } from '../formats/whatsapp/inflater.ts';
import { type AesBody, aesKeys, aesOverhead, aesPlaintext, aesVerifies } from './aes-member.ts';
import * as layout from './layout.ts';
import type { ZipMember } from './zip-member.ts';

const PIECE = 1024 * 1024;

/** Most bytes that members may unpack to: at once `free`, beyond it `ratio` for one packed byte. */
export interface UnpackLimits {
  readonly bytes: number;
  readonly ratio: number;
  readonly free: number;
}

export const UNPACK_LIMITS: UnpackLimits = { bytes: 64 * 2 ** 30, ratio: 250, free: 256 * 2 ** 20 };

/** How unpacking ended. Bytes were given to `onBytes` only in the case `whole` or where nothing authenticates (`encryption` none). */
export type Unpacked =
  /** `crcMatches` null: there is none (AE-2). */
  | { readonly end: 'whole'; readonly length: number; readonly crcMatches: boolean | null }
  | { readonly end: 'no-header' | 'cut' | 'password' | 'code' | 'limit' | 'packing' | 'method' };

export interface UnpackOptions {
  readonly password: string | null;
  readonly limits?: UnpackLimits;
  onBytes(bytes: Uint8Array): void;
}

/** Where the content of a member stands; null where its local header cannot be read or is of another member. */
export function bodyOf(zip: ByteSource, member: ZipMember): number | null {
  const header = zip.read(member.headerAt, layout.LOCAL_HEADER_LENGTH);
  if (header.length < layout.LOCAL_HEADER_LENGTH) return null;
  const reader = new ByteReader(header);
  if (reader.u32le() !== layout.LOCAL_HEADER) return null;
  reader.skip(22);
  return member.headerAt + layout.LOCAL_HEADER_LENGTH + reader.u16le() + reader.u16le();
}

/** The encrypted body of a member as far as it is there; null where it is none or cut off. */
export function aesBodyOf(zip: ByteSource, member: ZipMember): AesBody | null {
  const at = bodyOf(zip, member);
  if (at === null || member.aes === null) return null;
  if (member.packed < aesOverhead(member.aes) || at + member.packed > zip.length) return null;
  return { zip, at, packed: member.packed, aes: member.aes };
}

/**
 * Unpacks a member. What is encrypted is authenticated whole before its first byte is decrypted; what does not
 * authenticate gives no byte. A member in clear has its CRC only, which is known at the end.
 */
export async function unpackMember(zip: ByteSource, member: ZipMember, options: UnpackOptions): Promise<Unpacked> {
  const at = bodyOf(zip, member);
  if (at === null) return { end: 'no-header' };
  if (at + member.packed > zip.length) return { end: 'cut' };
  if (member.method !== layout.METHOD_STORED && member.method !== layout.METHOD_DEFLATED) return { end: 'method' };
  if (member.encryption === 'other') return { end: 'method' };
  if (member.encryption === 'none') return inflated(plainPieces(zip, at, member.packed), member, options);
  const body = aesBodyOf(zip, member);
  if (body === null) return { end: 'cut' };
  const keys = options.password === null ? null : aesKeys(body, options.password);
  if (keys === null) return { end: 'password' };
  if (!aesVerifies(body, keys)) return { end: 'code' };
  return inflated(aesPlaintext(body, keys), member, options);
}

function* plainPieces(zip: ByteSource, at: number, length: number): Generator<Uint8Array> {
  for (let done = 0; done < length; done += PIECE) yield zip.read(at + done, Math.min(PIECE, length - done));
}

async function inflated(
  pieces: Iterable<Uint8Array>,
  member: ZipMember,
  { limits = UNPACK_LIMITS, onBytes }: UnpackOptions,
): Promise<Unpacked> {
  const most = Math.min(limits.bytes, limits.free + member.packed * limits.ratio);
  let length = 0;
  let crc = 0;
  let isOver = false;
  const take = (bytes: Uint8Array): boolean => {
    isOver ||= length + bytes.length > most;
    if (isOver) return false;
    length += bytes.length;
    crc = crc32(bytes, crc);
    onBytes(bytes);
    return true;
  };
  const inflater = member.method === layout.METHOD_DEFLATED ? new Inflater('raw', take) : null;
  for (const piece of pieces) {
    if (inflater === null) take(piece);
    else await inflater.write(piece);
    if (isOver || (inflater !== null && inflater.ended !== null)) break;
  }
  const ended = inflater === null ? 'complete' : await inflater.end();
  if (isOver) return { end: 'limit' };
  if (ended !== 'complete') return { end: 'packing' };
  return { end: 'whole', length, crcMatches: member.aes?.version === 2 ? null : crc === member.crc };
}
