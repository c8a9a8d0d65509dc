import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestLinked, digestMany, digestPairs } from './digest-batch.ts';
import { hexDecode, hexEncode } from './hex.ts';
import { wasmDigests } from './sha256-wasm.ts';

/** The reference: node:crypto's streaming interface, which none of the code under test uses for this. */
function reference(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

function layOut(pieces: readonly Uint8Array[]): { data: Uint8Array; ends: Uint32Array } {
  const ends = new Uint32Array(pieces.length);
  let length = 0;
  pieces.forEach((piece, i) => {
    length += piece.length;
    ends[i] = length;
  });
  const data = new Uint8Array(length);
  pieces.forEach((piece, i) => {
    data.set(piece, (ends[i] as number) - piece.length);
  });
  return { data, ends };
}

function noise(length: number, seed: number): Uint8Array {
  let x = seed | 1;
  return Uint8Array.from({ length }, () => {
    x = Math.imul(x, 1664525) + 1013904223;
    return x >>> 24;
  });
}

function expectDigests(pieces: readonly Uint8Array[]): void {
  const { data, ends } = layOut(pieces);
  const out = new Uint8Array(pieces.length * 32);
  digestMany(data, ends, out);
  pieces.forEach((piece, i) => {
    if (hexEncode(out.subarray(32 * i, 32 * i + 32)) === hexEncode(reference(piece))) return;
    expect.fail(`piece ${i} of ${piece.length} bytes has another digest`);
  });
}

test('the vector code runs here', () => {
  expect(wasmDigests).not.toBeNull();
});

describe('digestMany', () => {
  test('FIPS 180-4 examples', () => {
    const texts = ['abc', '', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', 'a'.repeat(1_000_000)];
    const { data, ends } = layOut(texts.map((text) => new TextEncoder().encode(text)));
    const out = new Uint8Array(32 * texts.length);
    digestMany(data, ends, out);
    expect(hexEncode(out)).toBe(
      [
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
        'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
      ].join(''),
    );
  });

  test('every length from 0 to 600, ascending, descending and each alone four times', () => {
    const pieces = Array.from({ length: 601 }, (_, n) => noise(n, n));
    expectDigests(pieces);
    expectDigests(pieces.toReversed());
    for (const piece of pieces) expectDigests([piece, piece, piece, piece]);
  });

  test('batches of every size up to 20', () => {
    for (let n = 0; n <= 20; n++) expectDigests(Array.from({ length: n }, (_, i) => noise(50 + ((i * 37) % 90), i)));
  });

  test('more pieces and more bytes than the module has room for', () => {
    expectDigests(Array.from({ length: 10_000 }, (_, i) => noise(i % 7, i)));
    expectDigests(Array.from({ length: 3_000 }, (_, i) => noise(100 + (i % 300), i)));
    expectDigests(
      Array.from({ length: 60 }, (_, i) => noise([0, 8191, 8192, 8193, 131_072, 131_073, 60][i % 7] ?? 0, i)),
    );
  });

  test('random batches', () => {
    const length = fc.oneof(
      { weight: 6, arbitrary: fc.nat(130) },
      { weight: 2, arbitrary: fc.nat(1000) },
      { weight: 1, arbitrary: fc.nat(20_000) },
    );
    fc.assert(
      fc.property(fc.array(length, { maxLength: 120 }), fc.nat(), (lengths, seed) => {
        expectDigests(lengths.map((n, i) => noise(n, seed + i)));
      }),
      { numRuns: 100 },
    );
  });

  test('data and digests in memory shared between threads', () => {
    const data = new Uint8Array(new SharedArrayBuffer(1200));
    const out = new Uint8Array(new SharedArrayBuffer(128));
    data.set(noise(1200, 5));
    digestMany(data, Uint32Array.of(50, 150, 160, 1200), out);
    expect(hexEncode(out.subarray(0, 32))).toBe(hexEncode(reference(data.subarray(0, 50))));
    expect(hexEncode(out.subarray(96))).toBe(hexEncode(reference(data.subarray(160))));
  });

  test('count limits the pieces and leaves the rest of out alone', () => {
    const out = new Uint8Array(200).fill(7);
    digestMany(noise(50, 1), Uint32Array.of(10, 20, 30, 40, 50), out, 4);
    expect(out.subarray(96, 128)).toStrictEqual(reference(noise(50, 1).subarray(30, 40)));
    expect(out.subarray(128)).toStrictEqual(new Uint8Array(72).fill(7));
  });

  test('refuses ends and out that do not fit', () => {
    const error = expect.objectContaining({ code: 'DIGEST_SHAPE' });
    const data = new Uint8Array(100);
    expect(() => digestMany(data, Uint32Array.of(50, 40, 60), new Uint8Array(96))).toThrow(error);
    expect(() => digestMany(data, Uint32Array.of(50, 60, 101), new Uint8Array(96))).toThrow(error);
    expect(() => digestMany(data, Uint32Array.of(50, 60, 100), new Uint8Array(95))).toThrow(error);
    expect(() => digestMany(data, Uint32Array.of(50, 60), new Uint8Array(96), 3)).toThrow(error);
    expect(() => digestMany(data, Uint32Array.of(50, 60), new Uint8Array(96), -1)).toThrow(error);
  });
});

describe('digestLinked', () => {
  test.each([1, 22, 23, 30, 31, 33, 64, 86, 87, 100, 190, 191, 192, 500])('records of %i bytes', (length) => {
    const count = 70;
    const records = noise(length * count, length);
    const out = new Uint8Array(32 * count);
    let link = noise(32, 99);
    digestLinked(0x05, link, records, length, out);
    for (let i = 0; i < count; i++) {
      link = reference(Uint8Array.of(5), link, records.subarray(i * length, (i + 1) * length));
      expect(out.subarray(i * 32, i * 32 + 32)).toStrictEqual(link);
    }
  });

  test('a chain longer than the module has room for', () => {
    const records = noise(33 * 9_001, 3);
    const out = new Uint8Array(32 * 9_001);
    let link: Uint8Array = new Uint8Array(32);
    digestLinked(0, link, records, 33, out);
    for (let i = 0; i < 9_001; i++) link = reference(Uint8Array.of(0), link, records.subarray(i * 33, i * 33 + 33));
    expect(out.subarray(-32)).toStrictEqual(link);
  });

  test('no records give nothing; shapes that do not fit are refused', () => {
    const out = new Uint8Array(32).fill(1);
    digestLinked(0, new Uint8Array(32), new Uint8Array(), 33, out);
    expect(out).toStrictEqual(new Uint8Array(32).fill(1));
    const error = expect.objectContaining({ code: 'DIGEST_SHAPE' });
    expect(() => digestLinked(0, new Uint8Array(31), new Uint8Array(33), 33, out)).toThrow(error);
    expect(() => digestLinked(0, new Uint8Array(32), new Uint8Array(34), 33, out)).toThrow(error);
    expect(() => digestLinked(0, new Uint8Array(32), new Uint8Array(66), 33, out)).toThrow(error);
    expect(() => digestLinked(0, new Uint8Array(32), new Uint8Array(0), 0, out)).toThrow(error);
  });
});

describe('digestPairs', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 2048, 2049, 2050, 6001])('%i hashes, also in place', (count) => {
    const hashes = noise(32 * count, count);
    const pairs = count >> 1;
    const out = new Uint8Array(32 * pairs);
    digestPairs(1, hashes, out);
    for (let k = 0; k < pairs; k++) {
      const expected = reference(Uint8Array.of(1), hashes.subarray(k * 64, k * 64 + 64));
      expect(hexEncode(out.subarray(k * 32, k * 32 + 32))).toBe(hexEncode(expected));
    }
    digestPairs(1, hashes, hashes);
    expect(hashes.subarray(0, 32 * pairs)).toStrictEqual(out);
  });

  test('RFC 6962: the root of the eight leaves that Certificate Transparency tests with', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const level = new Uint8Array(32 * leaves.length);
    const { data, ends } = layOut(leaves.map((leaf) => hexDecode(`00${leaf}`)));
    digestMany(data, ends, level);
    for (let n = leaves.length; n > 1; n >>= 1) digestPairs(1, level.subarray(0, 32 * n), level);
    expect(hexEncode(level.subarray(0, 32))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('refuses what is no row of hashes', () => {
    const error = expect.objectContaining({ code: 'DIGEST_SHAPE' });
    expect(() => digestPairs(1, new Uint8Array(65), new Uint8Array(64))).toThrow(error);
    expect(() => digestPairs(1, new Uint8Array(128), new Uint8Array(63))).toThrow(error);
  });
});
