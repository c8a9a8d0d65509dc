import { randomBytes } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { equalBytes } from '@custody/bytes';
import { expect, it } from 'vitest';
import { compressPart, decompressPart } from './compress-part.ts';

/** Around where the field for the length in a frame changes its width: 256 and 65,792 (RFC 8878 3.1.1.1). */
const LENGTHS = [0, 1, 255, 256, 257, 65_535, 65_536, 65_791, 65_792, 65_793, 200_000];

it.each(LENGTHS)('a part of %d bytes comes back, shrinkable or not', (length) => {
  for (const plain of [new Uint8Array(length).fill(7), randomBytes(length)]) {
    expect(equalBytes(decompressPart(compressPart(plain)), plain)).toBe(true);
  }
});

it('frames of other writers are read: without a length, and with one that takes eight bytes', () => {
  const plain = randomBytes(70_000);
  const streamed = zstdCompressSync(plain, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
  expect(equalBytes(decompressPart(streamed), plain)).toBe(true);
  // Magic number, single segment with eight bytes of length, one last raw block of three bytes.
  const wide = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 3, 0, 0, 0, 0, 0, 0, 0, 0x19, 0, 0, 1, 2, 3);
  expect([...decompressPart(wide)]).toEqual([1, 2, 3]);
});

it('a length that is a lie is refused and takes no memory', () => {
  const lie = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 3, 0, 0, 0, 0, 0, 0, 1, 0x19, 0, 0, 1, 2, 3);
  const before = process.memoryUsage().rss;
  expect(() => decompressPart(lie)).toThrow();
  expect(() => decompressPart(lie.subarray(0, 5))).toThrow();
  expect(() => decompressPart(new Uint8Array(0))).toThrow();
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
});
