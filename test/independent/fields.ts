/** SPEC.md section 2 read a second time: fields, pieces, salts. Slow, and imports nothing of custody. */
import { createCipheriv } from 'node:crypto';
import { sha256 } from './tree.ts';

/** A leaf's field values; null is absent. */
export type Values = readonly (Uint8Array | null)[];

export interface LeafFields {
  readonly digests: Buffer[];
  readonly root: Buffer;
}

export function u16(n: number): Buffer {
  return Buffer.of(n >> 8, n & 255);
}

export function u32(n: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
}

/** Block `k` of the AES-256-CTR keystream, the counter starting from zero. */
export function salt(secret: Uint8Array, k: number): Buffer {
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt(k), 8);
  return createCipheriv('aes-256-ctr', secret, counter).update(Buffer.alloc(16));
}

/** Body text in pieces, or null when it stays whole. */
export function bodyPieces(body: Uint8Array): Buffer[] | null {
  if (body.length <= 64) return null;
  const pieces: Buffer[] = [];
  let rest = Buffer.from(body);
  while (rest.length > 64) {
    const end = cut(rest);
    pieces.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return [...pieces, rest];
}

function cut(rest: Buffer): number {
  const next = [...rest.subarray(0, 64)];
  const space = next.findLastIndex((byte) => [0x09, 0x0a, 0x0d, 0x20].includes(byte));
  if (space >= 0) return space + 1;
  const before = [64, 63, 62, 61].find((at) => (rest[at] as number) >> 6 !== 0b10);
  return before ?? 64;
}

/** Entries of a CBOR map in pieces, or null when it has fewer than two. */
export function mapPieces(map: Uint8Array): Buffer[] | null {
  const bytes = Buffer.from(map);
  const { count, next } = head(bytes, 0);
  if (count < 2) return null;
  const pieces: Buffer[] = [];
  let at = next;
  for (let i = 0; i < count; i++) {
    const end = itemEnd(bytes, itemEnd(bytes, at));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

function itemEnd(bytes: Buffer, at: number): number {
  const { major, count, next } = head(bytes, at);
  if (major === 2 || major === 3) return next + count;
  let end = next;
  const inner = major === 4 ? count : major === 5 ? count * 2 : major === 6 ? 1 : 0;
  for (let i = 0; i < inner; i++) end = itemEnd(bytes, end);
  return end;
}

function head(bytes: Buffer, at: number): { major: number; count: number; next: number } {
  const first = bytes.readUInt8(at);
  const low = first & 31;
  const major = first >> 5;
  if (low < 24) return { major, count: low, next: at + 1 };
  const width = 2 ** (low - 24);
  const count = width === 8 ? Number(bytes.readBigUInt64BE(at + 1)) : bytes.readUIntBE(at + 1, width);
  return { major, count, next: at + 1 + width };
}

export function wholeDigest(number: number, salted: Uint8Array, value: Uint8Array | null): Buffer {
  const length = value === null ? u32(0xffffffff) : u32(value.length);
  return sha256(Buffer.of(2, number), length, salted, value ?? Buffer.alloc(0));
}

export function digestInPieces(number: number, pieces: readonly { salt: Uint8Array; value: Uint8Array }[]): Buffer {
  const digests = pieces.map((p) => sha256(Buffer.of(5, number), u32(p.value.length), p.salt, p.value));
  return sha256(Buffer.of(4, number), u32(pieces.length), ...digests);
}

export function rootOf(digests: readonly Uint8Array[]): Buffer {
  return sha256(Buffer.of(3), u16(digests.length), ...digests);
}

/** All leaves of one compartment's part, items first, then findings, each list in order. */
export function partFields(
  items: readonly Values[],
  findings: readonly Values[],
  secret: Uint8Array,
): { items: LeafFields[]; findings: LeafFields[] } {
  const m = items.length;
  const bodies = items.map((item) => bodyPieces(item[9] ?? Buffer.alloc(0)));
  const maps = items.map((item) => (item[13] ? mapPieces(item[13]) : null));
  let block = m * 15 + findings.length * 6;
  const salted = (pieces: Buffer[] | null) => pieces?.map((value) => ({ salt: salt(secret, block++), value })) ?? null;
  const saltedBodies = bodies.map(salted);
  const saltedMaps = maps.map(salted);
  const fieldsOf = (values: Values, digest: (number: number, value: Uint8Array | null) => Buffer): LeafFields => {
    const digests = values.map((value, f) => digest(f + 1, value));
    return { digests, root: rootOf(digests) };
  };
  return {
    items: items.map((values, i) =>
      fieldsOf(values, (number, value) => {
        const pieces = number === 10 ? saltedBodies[i] : number === 14 ? saltedMaps[i] : null;
        return pieces ? digestInPieces(number, pieces) : wholeDigest(number, salt(secret, (number - 1) * m + i), value);
      }),
    ),
    findings: findings.map((values, i) =>
      fieldsOf(values, (number, value) =>
        wholeDigest(number, salt(secret, m * 15 + (number - 1) * findings.length + i), value),
      ),
    ),
  };
}
