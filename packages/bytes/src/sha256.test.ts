import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hexDecode, hexEncode } from './hex.ts';
import * as noble from './sha256-noble.ts';
import * as node from './sha256-node.ts';
import { utf8Encode } from './utf8.ts';

/** FIPS 180-4 examples as published by NIST. */
const digests: readonly (readonly [Uint8Array, string])[] = [
  [utf8Encode(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [utf8Encode('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    utf8Encode('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [utf8Encode('a'.repeat(1_000_000)), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
];

/** RFC 4231 test cases 1, 2, 3 and 6. */
const macs: readonly (readonly [Uint8Array, Uint8Array, string])[] = [
  [
    new Uint8Array(20).fill(0x0b),
    utf8Encode('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    utf8Encode('Jefe'),
    utf8Encode('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    new Uint8Array(20).fill(0xaa),
    new Uint8Array(50).fill(0xdd),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
  [
    new Uint8Array(131).fill(0xaa),
    utf8Encode('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
];

describe.each([
  ['node:crypto', node],
  ['@noble/hashes', noble],
])('%s', (_, implementation) => {
  test.each(digests)('FIPS 180-4 example %#', (data, hex) => {
    expect(implementation.sha256(data)).toStrictEqual(hexDecode(hex));
    expect(implementation.sha256Hex(data)).toBe(hex);
    const out = new Uint8Array(40);
    implementation.sha256Into(data, out, 3);
    expect(hexEncode(out)).toBe(`000000${hex}0000000000`);
    expect(implementation.createSha256().update(data).digest()).toStrictEqual(hexDecode(hex));
  });

  test.each(macs)('RFC 4231 case %#', (key, data, hex) => {
    expect(implementation.hmacSha256(key, data)).toStrictEqual(hexDecode(hex));
  });

  test('pieces of any size give the digest of the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 12 }), (pieces) => {
        const state = implementation.createSha256();
        for (const piece of pieces) state.update(piece);
        const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        expect(state.digest()).toStrictEqual(implementation.sha256(whole));
      }),
    );
  });
});

test('both agree on a long message', () => {
  const data = new Uint8Array(5000).map((_, i) => i);
  for (const size of [4095, 4096, 4097, 5000]) {
    const message = data.subarray(0, size);
    expect(node.hmacSha256(data, message)).toStrictEqual(noble.hmacSha256(data, message));
  }
});

test('both agree on any data and key', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 150 }), (data, key) => {
      expect(node.sha256(data)).toStrictEqual(noble.sha256(data));
      expect(node.hmacSha256(key, data)).toStrictEqual(noble.hmacSha256(key, data));
    }),
  );
});
