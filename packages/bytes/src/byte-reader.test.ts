import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { u32be, u64be } from './big-endian.ts';
import { ByteReader } from './byte-reader.ts';
import { compareBytes, equalBytes } from './compare-bytes.ts';
import { concatBytes } from './concat-bytes.ts';
import { FormatError } from './errors.ts';
import { float16Bits, float16Value } from './float16.ts';

function leb128(n: bigint): Uint8Array {
  const out: number[] = [];
  let rest = n;
  do {
    out.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(out);
}

describe('ByteReader', () => {
  test('reads every width as DataView does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 33, maxLength: 33 }), (source) => {
        const view = new DataView(source.buffer, source.byteOffset);
        const reader = new ByteReader(source, 1);
        expect(reader.u8()).toBe(view.getUint8(1));
        expect(reader.u16be()).toBe(view.getUint16(2));
        expect(reader.u16le()).toBe(view.getUint16(4, true));
        expect(reader.u32be()).toBe(view.getUint32(6));
        expect(reader.u32le()).toBe(view.getUint32(10, true));
        expect(reader.u64be()).toBe(view.getBigUint64(14));
        expect(reader.u64le()).toBe(view.getBigUint64(22, true));
        expect(reader.offset).toBe(30);
        expect(reader.remaining).toBe(3);
        reader.skip(1);
        expect(reader.bytes(1)).toStrictEqual(source.subarray(31, 32));
        expect(reader.rest()).toStrictEqual(source.subarray(32));
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  test('never past its end, and a failed read takes nothing', () => {
    const reads: ((reader: ByteReader) => unknown)[] = [
      (r) => r.u16be(),
      (r) => r.u16le(),
      (r) => r.u32be(),
      (r) => r.u32le(),
      (r) => r.u64be(),
      (r) => r.u64le(),
      (r) => r.bytes(2),
      (r) => r.bytes(2 ** 40),
      (r) => r.bytes(-1),
      (r) => r.skip(Number.NaN),
    ];
    for (const read of reads) {
      // Bytes after the end of the region exist, so that only the bound keeps the reader from them.
      const reader = new ByteReader(new Uint8Array(40), 3, 4);
      expect(() => read(reader)).toThrow(expect.objectContaining({ code: 'READ_PAST_END', name: 'FormatError' }));
      expect(reader.offset).toBe(3);
      expect(reader.u8()).toBe(0);
      expect(() => reader.u8()).toThrow(FormatError);
    }
  });

  test.each([
    [-1, 4],
    [3, 2],
    [0, 11],
    [11, 11],
    [Number.NaN, 3],
  ])('refuses the region %i to %i of ten bytes', (start, end) => {
    expect(() => new ByteReader(new Uint8Array(10), start, end)).toThrow(FormatError);
  });

  test('varints of any u64', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (n) => {
        const encoded = leb128(n);
        expect(new ByteReader(encoded).varint()).toBe(n);
        const small = n >> 11n;
        expect(new ByteReader(leb128(small)).varintNumber()).toBe(Number(small));
        const cut = new ByteReader(encoded, 0, encoded.length - 1);
        expect(() => cut.varint()).toThrow(expect.objectContaining({ code: 'READ_PAST_END' }));
      }),
    );
  });

  test('varints that need more bits than there are', () => {
    const invalid = expect.objectContaining({ code: 'VARINT_INVALID', detail: { offset: 0 } });
    const tooLong = new Uint8Array(11).fill(0x80);
    const tooLarge = Uint8Array.of(...new Array(9).fill(0xff), 0x02);
    for (const source of [tooLong, tooLarge]) {
      expect(() => new ByteReader(source).varint()).toThrow(invalid);
      expect(() => new ByteReader(source).varintNumber()).toThrow(invalid);
    }
    expect(new ByteReader(leb128(2n ** 53n - 1n)).varintNumber()).toBe(2 ** 53 - 1);
    expect(() => new ByteReader(leb128(2n ** 53n)).varintNumber()).toThrow(invalid);
    // Protocol Buffers allow zeros at the end.
    expect(new ByteReader(Uint8Array.of(0x85, 0x80, 0x00)).varintNumber()).toBe(5);
  });
});

describe('big endian', () => {
  test('writes what the reader reads', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.maxSafeNat(), (a, b, c) => {
        const reader = new ByteReader(concatBytes([u32be(a), u64be(b), u64be(c)]));
        expect([reader.u32be(), reader.u64be(), reader.u64be()]).toEqual([a, b, BigInt(c)]);
      }),
    );
  });

  test.each([-1, 2 ** 32, 0.5, Number.NaN])('u32be refuses %d', (n) => {
    expect(() => u32be(n)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE', name: 'UsageError' }));
  });

  test.each([-1, 2 ** 53, 0.5, -1n, 2n ** 64n])('u64be refuses %s', (n) => {
    expect(() => u64be(n)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
  });
});

test('order and equality are those of Buffer', () => {
  const few = fc.uint8Array({ max: 2, maxLength: 4 });
  fc.assert(
    fc.property(few, few, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(concatBytes([a, b, a])).toStrictEqual(new Uint8Array(Buffer.concat([a, b, a])));
    }),
    { numRuns: 500 },
  );
});

test('every binary16 but NaN survives, and nothing else passes for one', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = float16Value(bits);
    if (!Number.isNaN(value)) expect(float16Bits(value)).toBe(bits);
  }
  // Half a unit beyond the subnormals, the largest, the precision; binary64 only.
  for (const value of [2 ** -25, 3 * 2 ** -25, 65505, 65536, 2049, 1 + 2 ** -11, 2 ** -149, 0.1, 1e300]) {
    expect(float16Bits(value)).toBe(-1);
  }
});
