import { expect, it } from 'vitest';
import { releaseBytes } from './release-bytes.ts';

it('gives the memory of large bytes back at once, twice is once', () => {
  const bytes = new Uint8Array(64 * 1024);
  const part = bytes.subarray(5);
  releaseBytes(part);
  expect([bytes.length, part.length, bytes.buffer.detached]).toEqual([0, 0, true]);
  releaseBytes(bytes);
});

it('leaves memory alone that others may share', () => {
  const shared = Buffer.from('a text in the pool of Node');
  releaseBytes(shared);
  expect(shared.toString()).toBe('a text in the pool of Node');
  const between = new Uint8Array(new SharedArrayBuffer(32 * 1024));
  releaseBytes(between);
  expect(between.length).toBe(32 * 1024);
});
