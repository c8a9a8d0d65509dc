import { ByteReader, CustodyError, utf8DecodeLossy } from '@custody/bytes';
import { AES_EXTRA, FLAG_ENCRYPTED, IN_ZIP64, METHOD_AES, ZIP64_EXTRA } from './layout.ts';
import type { AesInfo, ZipMember } from './zip-member.ts';

export interface HeaderNumbers {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly headerAt: number;
}

interface Extra {
  readonly aes: (AesInfo & { readonly method: number }) | null;
  readonly wide: Uint8Array | null;
}

/** A member from the numbers of its header, its name and its extra field. */
export function memberOf(numbers: HeaderNumbers, nameBytes: Uint8Array, extraBytes: Uint8Array): ZipMember {
  const extra = readExtra(extraBytes);
  const wide = widened(numbers, extra.wide);
  const isAes = numbers.method === METHOD_AES && extra.aes !== null;
  const isEncrypted = (numbers.flags & FLAG_ENCRYPTED) !== 0;
  return {
    name: shownName(nameBytes),
    copy: 1,
    method: isAes && extra.aes !== null ? extra.aes.method : numbers.method,
    encryption: isAes ? 'aes' : isEncrypted ? 'other' : 'none',
    aes: isAes && extra.aes !== null ? { version: extra.aes.version, strength: extra.aes.strength } : null,
    crc: numbers.crc,
    ...wide,
  };
}

/** Control characters of a hostile name do not reach anybody's terminal; the length is what a header can say. */
export function shownName(bytes: Uint8Array): string {
  return utf8DecodeLossy(bytes).replace(/\p{Cc}/gu, '\uFFFD');
}

/** Extra fields are a list of (id, length, bytes); one that runs over its end ends the list. */
function readExtra(bytes: Uint8Array): Extra {
  let aes: Extra['aes'] = null;
  let wide: Uint8Array | null = null;
  const reader = new ByteReader(bytes);
  try {
    while (reader.remaining >= 4) {
      const id = reader.u16le();
      const field = reader.bytes(reader.u16le());
      if (id === AES_EXTRA) aes ??= readAes(field);
      else if (id === ZIP64_EXTRA) wide ??= field;
    }
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
  }
  return { aes, wide };
}

function readAes(field: Uint8Array): Extra['aes'] {
  if (field.length < 7 || field[2] !== 0x41 || field[3] !== 0x45) return null;
  const reader = new ByteReader(field);
  const version = reader.u16le();
  reader.skip(2);
  const strength = reader.u8();
  const method = reader.u16le();
  if (strength !== 1 && strength !== 2 && strength !== 3) return null;
  return { version, strength, method };
}

/** APPNOTE 4.5.3: size, packed size and offset stand in the extra field, each only where its own field is full of ones. */
function widened(
  { size, packed, headerAt }: HeaderNumbers,
  wide: Uint8Array | null,
): Pick<ZipMember, 'size' | 'packed' | 'headerAt'> {
  const reader = new ByteReader(wide ?? new Uint8Array(0));
  const next = (value: number): number => {
    if (value !== IN_ZIP64 || reader.remaining < 8) return value;
    const found = reader.u64le();
    return found > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(found);
  };
  const sizes = { size: next(size), packed: next(packed) };
  return { ...sizes, headerAt: next(headerAt) };
}
