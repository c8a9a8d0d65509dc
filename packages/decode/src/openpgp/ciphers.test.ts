import { hexDecode, hexEncode } from '@custody/bytes';
import { expect, it } from 'vitest';
import type { BlockEncrypt } from './block-cipher.ts';
import { blowfish } from './blowfish.ts';
import { cast5 } from './cast5.ts';
import { idea } from './idea.ts';
import { twofish } from './twofish.ts';

/** Published test vectors: RFC 2144 B.1; Schneier's Blowfish vectors; Lai's IDEA example; the Twofish paper's intermediate values. */
it.each<[string, (key: Uint8Array) => BlockEncrypt, string, string, string]>([
  ['CAST-128', cast5, '0123456712345678234567893456789a', '0123456789abcdef', '238b4fe5847e44b2'],
  ['Blowfish', blowfish, '0000000000000000', '0000000000000000', '4ef997456198dd78'],
  ['Blowfish', blowfish, '0123456789abcdef', '1111111111111111', '61f9c3802281b096'],
  ['IDEA', idea, '00010002000300040005000600070008', '0000000100020003', '11fbed2b01986de5'],
  ['Twofish', twofish, '00'.repeat(16), '00'.repeat(16), '9f589f5cf6122c32b6bfec2f2ae8c35a'],
  [
    'Twofish',
    twofish,
    '0123456789abcdeffedcba98765432100011223344556677',
    '00'.repeat(16),
    'cfd1d2e5a9be9cdf501f13b892bd2248',
  ],
  [
    'Twofish',
    twofish,
    '0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff',
    '00'.repeat(16),
    '37527be0052334b89f0cfccae87cfa20',
  ],
])('%s', (_name, cipher, key, plain, sealed) => {
  const block = hexDecode(plain);
  cipher(hexDecode(key))(block, block);
  expect(hexEncode(block)).toBe(sealed);
});
