import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCborKeys } from './cbor-key-order.ts';
import type { CborValue } from './cbor-value.ts';
import { CborWriter } from './cbor-writer.ts';
import { compareBytes } from './compare-bytes.ts';
import { decodeCbor } from './decode-cbor.ts';
import { encodeCbor } from './encode-cbor.ts';
import { FormatError } from './errors.ts';
import { hexDecode, hexEncode } from './hex.ts';

/** RFC 8949 appendix A, the rows that are deterministic and free of tags and unknown simple values. */
const appendixA: readonly (readonly [CborValue, string])[] = [
  [0, '00'],
  [1, '01'],
  [10, '0a'],
  [23, '17'],
  [24, '1818'],
  [25, '1819'],
  [100, '1864'],
  [1000, '1903e8'],
  [1000000, '1a000f4240'],
  [1000000000000, '1b000000e8d4a51000'],
  [18446744073709551615n, '1bffffffffffffffff'],
  [-18446744073709551616n, '3bffffffffffffffff'],
  [-1, '20'],
  [-10, '29'],
  [-100, '3863'],
  [-1000, '3903e7'],
  [-0, 'f98000'],
  [1.1, 'fb3ff199999999999a'],
  [1.5, 'f93e00'],
  [3.4028234663852886e38, 'fa7f7fffff'],
  [1.0e300, 'fb7e37e43c8800759c'],
  [2 ** -24, 'f90001'],
  [0.00006103515625, 'f90400'],
  [-4.1, 'fbc010666666666666'],
  [Number.POSITIVE_INFINITY, 'f97c00'],
  [Number.NaN, 'f97e00'],
  [Number.NEGATIVE_INFINITY, 'f9fc00'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  [new Uint8Array(), '40'],
  [Uint8Array.of(1, 2, 3, 4), '4401020304'],
  ['', '60'],
  ['IETF', '6449455446'],
  ['"\\', '62225c'],
  ['ü', '62c3bc'],
  ['水', '63e6b0b4'],
  ['\u{10151}', '64f0908591'],
  [[], '80'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [Array.from({ length: 25 }, (_, i) => i + 1), '98190102030405060708090a0b0c0d0e0f101112131415161718181819'],
  [new Map(), 'a0'],
  [
    new Map([
      [1, 2],
      [3, 4],
    ]),
    'a201020304',
  ],
  [
    new Map<string, CborValue>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
    'a26161016162820203',
  ],
];

/** Each breaks one rule; the reason is what a reader of the failure needs. */
const refused: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['trailing byte', '0000'],
  ['1 in two bytes', '1801'],
  ['24 in three bytes', '190018'],
  ['256 in five bytes', '1a00000100'],
  ['a u32 in nine bytes', '1b00000000ffffffff'],
  ['reserved head 28', '1c'],
  ['reserved head 30', '1e'],
  ['indefinite bytes', '5f4101ff'],
  ['indefinite text', '7f6161ff'],
  ['indefinite array', '9f01ff'],
  ['indefinite map', 'bf0102ff'],
  ['lone break', 'ff'],
  ['tag', 'c000'],
  ['tag 2, bignum', 'c249010000000000000000'],
  ['undefined', 'f7'],
  ['simple 16', 'f0'],
  ['simple 255', 'f8ff'],
  ['float that is an integer', 'f93c00'],
  ['float that is an integer, f32', 'fa47c35000'],
  ['float that is an integer, f64', 'fb4024000000000000'],
  ['f32 that fits f16', 'fa3fc00000'],
  ['f64 that fits f32', 'fb47efffffe0000000'],
  ['infinity in f32', 'fa7f800000'],
  ['NaN in f32', 'fa7fc00000'],
  ['NaN with payload', 'f97e01'],
  ['negative NaN', 'f9fe00'],
  ['minus zero in f32', 'fa80000000'],
  ['text cut short', '6261'],
  ['bytes of 4 GiB', '5affffffff'],
  ['text of 2^64-1', '7bffffffffffffffff'],
  ['array of 2^53', '9b0020000000000000'],
  ['array of 3 in 2', '830000'],
  ['map of 2^32-1', 'baffffffff'],
  ['map without its value', 'a100'],
  ['map keys descending', 'a202000100'],
  ['map key twice', 'a201000100'],
  ['longer text key first', 'a262616100616200'],
  ['text key before integer', 'a261610000'.concat('00')],
  ['map key bytes', 'a1410000'],
  ['map key array', 'a18000'],
  ['map key null', 'a1f600'],
  ['map key float', 'a1f93e0000'],
  ['map key beyond safe integers', 'a11bffffffffffffffff00'],
  ['overlong UTF-8', '62c080'],
  ['surrogate in UTF-8', '63eda080'],
  ['cut UTF-8', '61c3'],
  ['beyond U+10FFFF', '64f4908080'],
];

const scalar: fc.Arbitrary<CborValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.float(),
  fc.bigInt({ min: -(1n << 64n), max: (1n << 64n) - 1n }).map((n) => (isSafe(n) ? Number(n) : n)),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.uint8Array({ maxLength: 70_000, size: 'medium' }),
);
const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.maxSafeInteger());
const value: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 40 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 30 }).map((entries) => new Map(entries)),
  ),
})).value;

function isSafe(n: bigint): boolean {
  return n >= Number.MIN_SAFE_INTEGER && n <= Number.MAX_SAFE_INTEGER;
}

/** What a decode gives, or the FormatError; anything else that is thrown fails the test. */
function attempt(bytes: Uint8Array): { value: CborValue } | { error: FormatError } {
  try {
    return { value: decodeCbor(bytes) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { error };
  }
}

describe('RFC 8949', () => {
  test.each(appendixA)('appendix A: %s is %s', (decoded, hex) => {
    expect(hexEncode(encodeCbor(decoded))).toBe(hex);
    expect(decodeCbor(hexDecode(hex))).toStrictEqual(decoded);
  });

  test('4.2.1: keys stand in the bytewise order of their encodings', () => {
    const keys = [10, 100, -1, 'z', 'aa', 'é'];
    expect(['aa', 'z', 'é', -1, 100, 10].sort(compareCborKeys)).toEqual(keys);
    expect(hexEncode(encodeCbor(new Map(keys.toReversed().map((k) => [k, null]))))).toBe(
      'a60af61864f620f6617af6626161f662c3a9f6',
    );
  });

  test('4.2.1: the order of any two keys is the bytewise order of what is written', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', '水', '\uffff', '\ue000', '😀', '\ud800'),
      maxLength: 4,
    });
    const any = fc.oneof(texts, key, fc.integer({ min: -300, max: 300 }));
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(Math.sign(compareCborKeys(a, b))).toBe(Math.sign(compareBytes(encodeCbor(a), encodeCbor(b))));
      }),
      { numRuns: 3000 },
    );
  });

  test('the border of safe integers', () => {
    for (const n of [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) + 1n, -(2n ** 53n), -(2n ** 53n) - 1n]) {
      expect(decodeCbor(encodeCbor(n))).toBe(isSafe(n) ? Number(n) : n);
    }
    // A number beyond them is a float, an equal bigint an integer: they stay apart.
    expect(decodeCbor(encodeCbor(2 ** 53))).toBe(2 ** 53);
    expect(hexEncode(encodeCbor(2 ** 53))).toBe('fa5a000000');
  });
});

describe('refusal', () => {
  test.each(refused)('%s: %s', (_, hex) => {
    expect(attempt(hexDecode(hex))).toMatchObject({
      error: { code: 'CBOR_INVALID', detail: { offset: expect.any(Number) } },
    });
  });

  test('nesting beyond 32, beyond a lower limit, input beyond the length limit', () => {
    const nested = (depth: number) => Uint8Array.from({ length: depth + 1 }, (_, i) => (i < depth ? 0x81 : 0));
    expect(() => decodeCbor(nested(32))).not.toThrow();
    expect(() => decodeCbor(nested(33))).toThrow(/deeper than 32/);
    expect(() => decodeCbor(nested(100_000))).toThrow(/deeper than 32/);
    expect(() => decodeCbor(nested(4), { maxDepth: 3 })).toThrow(/deeper than 3/);
    expect(() => decodeCbor(nested(4), { maxLength: 4 })).toThrow(/longer than 4/);
  });

  test('what has no encoding', () => {
    const loop: CborValue[] = [];
    loop.push(loop);
    const twins = new Map([
      ['\ud800', 1],
      ['\ud801', 2],
    ]);
    const impossible: unknown[] = [
      2n ** 64n,
      -(2n ** 64n) - 1n,
      undefined,
      {},
      () => 1,
      loop,
      twins,
      new Map([[0.5, 1]]),
    ];
    for (const it of impossible) {
      expect(() => encodeCbor(it as CborValue)).toThrow(expect.objectContaining({ code: 'CBOR_UNENCODABLE' }));
    }
    expect(encodeCbor('still works')).toHaveLength(12);
  });
});

describe('fuzz', () => {
  test('decode after encode is the identity', () => {
    fc.assert(
      fc.property(value, (it) => {
        expect(decodeCbor(encodeCbor(it))).toStrictEqual(it);
      }),
      { numRuns: 400 },
    );
  });

  test('any bytes give a value that encodes to the same bytes, or a FormatError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      // Heads are more frequent than in noise, so that nesting and maps are met.
      fc.array(fc.constantFrom(0, 1, 0x18, 0x20, 0x41, 0x61, 0x81, 0x82, 0xa1, 0xa2, 0xf4, 0xf9, 0x3e), {
        maxLength: 24,
      }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(bytes, (input) => {
        const got = attempt(Uint8Array.from(input));
        if (!('value' in got)) return;
        accepted++;
        expect(encodeCbor(got.value)).toStrictEqual(Uint8Array.from(input));
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test('a flipped bit and every truncation of a real value do no harm', () => {
    fc.assert(
      fc.property(value, fc.nat(), (it, at) => {
        const encoded = encodeCbor(it).slice(0, 400);
        for (let cut = 0; cut < Math.min(encoded.length, 60); cut++) attempt(encoded.subarray(0, cut));
        const bit = at % (encoded.length * 8);
        encoded[bit >> 3] = (encoded[bit >> 3] as number) ^ (1 << (bit & 7));
        const got = attempt(encoded);
        if ('value' in got) expect(encodeCbor(got.value)).toStrictEqual(encoded);
      }),
      { numRuns: 300 },
    );
  });
});

describe('CborWriter', () => {
  test('writes what encodeCbor writes, again and again in one buffer', () => {
    const writer = new CborWriter(1);
    const body = 'Grüße, 世界 '.repeat(5);
    for (let round = 0; round < 3; round++) {
      writer.reset().map(3);
      writer.int(1).text('short');
      writer.int(2).textBytes(new TextEncoder().encode(`..${body}`), 2);
      writer
        .text('k')
        .array(5)
        .bool(true)
        .nil()
        .int(-70_000)
        .bytes(Uint8Array.of(9, 8, 7, 6), 1, 3)
        .value([2n ** 60n]);
      const same = new Map<string | number, CborValue>([
        [1, 'short'],
        [2, body],
        ['k', [true, null, -70_000, Uint8Array.of(8, 7), [2n ** 60n]]],
      ]);
      expect(writer.view()).toStrictEqual(encodeCbor(same));
      expect(writer.length).toBe(writer.view().length);
    }
  });

  test('text of every length around the borders of heads, ASCII and not', () => {
    for (const size of [...Array(70).keys(), 84, 85, 86, 127, 128, 255, 256, 257, 21_845, 21_846, 65_535, 65_536]) {
      for (const unit of ['x', 'ß', '水']) {
        expect(decodeCbor(encodeCbor(unit.repeat(size)))).toBe(unit.repeat(size));
      }
      const late = `${'x'.repeat(size)}水`;
      expect(decodeCbor(encodeCbor(late))).toBe(late);
    }
  });

  test('refuses text bytes that are not UTF-8 and numbers that are no integers', () => {
    const writer = new CborWriter();
    expect(() => writer.textBytes(Uint8Array.of(0x61, 0xff))).toThrow(
      expect.objectContaining({ code: 'UTF8_INVALID', detail: { offset: 1 } }),
    );
    expect(() => writer.int(1.5)).toThrow(expect.objectContaining({ code: 'CBOR_UNENCODABLE' }));
    expect(writer.text('\ud800').view()).toStrictEqual(encodeCbor('\ufffd'));
  });
});
